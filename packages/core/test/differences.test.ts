import { describe, expect, it } from 'vitest';
import {
  decide,
  formatPath,
  parseCommand,
  restock,
  sale,
  startTracking,
  stopTracking,
  systemLocationList,
} from '../src/index.ts';
import { differences } from '../src/rules/differences.ts';
import { MUG, NEW_SHOP, PLACES, PLATE, uuid } from './shop.ts';

const FIRST = {
  kind: 'RecordMovements',
  id: uuid(900),
  externalUuid: uuid(77),
  tracking: [startTracking(MUG.productId)],
  lines: [restock('STORE', MUG, 3), sale('STORE', MUG, 1)],
};
const OPENING = { kind: 'OpenLocation', id: uuid(900), location: { id: uuid(31), type: 'STORE', name: 'Branch' } };

/** Where a command differs from the record of another one, which also founded its organization. */
function differ(again: unknown, first: unknown = FIRST): readonly string[] {
  const command = parseCommand(first, PLACES)._unsafeUnwrap();
  const founding = systemLocationList(PLACES).map(location => ({ kind: 'LocationOpened', location }) as const);
  const policy = { kind: 'PolicySet', policy: { floors: {} } } as const;
  const events = [...founding, policy, ...decide(command, NEW_SHOP)._unsafeUnwrap()];
  const externalUuid = command.kind === 'RecordMovements' ? command.externalUuid : null;
  const record = { commandId: command.id, externalUuid, events };
  return differences(parseCommand(again, PLACES)._unsafeUnwrap(), record).map(formatPath);
}

describe('a command with a known id', () => {
  it('is the same in other words: case of ids, names of system locations', () => {
    const lines = FIRST.lines.map(line => ({ ...line, variantId: line.variantId.toUpperCase() }));
    expect(differ({ ...FIRST, id: FIRST.id.toUpperCase(), lines })).toEqual([]);
    expect(differ({ ...FIRST, lines: [restock(PLACES.STORE, MUG, 3), sale(PLACES.STORE, MUG, 1)] })).toEqual([]);
  });

  it.each([
    ['another quantity', { lines: [restock('STORE', MUG, 3), sale('STORE', MUG, 2)] }, ['lines[1].quantity']],
    ['another place', { lines: [restock('BIN', MUG, 3), sale('STORE', MUG, 1)] }, ['lines[0].to']],
    [
      'another variant',
      { lines: [restock('STORE', PLATE, 3), sale('STORE', MUG, 1)] },
      ['lines[0].productId', 'lines[0].variantId'],
    ],
    [
      'lines in another order',
      { lines: [...FIRST.lines].reverse() },
      ['lines[0].from', 'lines[0].to', 'lines[0].quantity', 'lines[1].from', 'lines[1].to', 'lines[1].quantity'],
    ],
    ['a line less', { lines: FIRST.lines.slice(1) }, ['lines']],
    ['no lines', { lines: [] }, ['lines']],
    ['other tracking', { tracking: [stopTracking(MUG.productId)] }, ['tracking[0].kind']],
    ['no tracking', { tracking: [] }, ['tracking']],
    ['another correlation', { externalUuid: uuid(78) }, ['externalUuid']],
    ['no correlation', { externalUuid: null }, ['externalUuid']],
  ])('differs by %s', (_, change, paths) =>
    expect(differ({ ...FIRST, ...change }).toSorted()).toEqual(paths.toSorted()),
  );

  it('differs by its kind', () => {
    expect(differ(OPENING)).toEqual(['kind']);
    expect(differ(FIRST, OPENING)).toEqual(['kind']);
  });

  it('differs by the location it opens', () => {
    expect(differ(OPENING, OPENING)).toEqual([]);
    expect(differ({ ...OPENING, location: { ...OPENING.location, name: 'Kiosk' } }, OPENING)).toEqual([
      'location.name',
    ]);
    expect(differ({ ...OPENING, location: { ...OPENING.location, type: 'BIN' } }, OPENING)).toEqual(['location.type']);
  });
});

describe('a command that sets when stock is low', () => {
  const rule = { ...MUG, locationId: 'STORE', level: 5, alert: true };
  const setting = { kind: 'SetLowStock', id: uuid(900), rules: [rule] };

  it('is the same with what is left out spelled out', () => {
    const bare = { ...setting, rules: [{ ...MUG, locationId: PLACES.STORE, level: 5 }] };
    expect(differ({ ...bare, rules: [{ ...bare.rules[0], alert: false }] }, bare)).toEqual([]);
  });

  it('is another with another level, another number of rules, or of another kind', () => {
    expect(differ({ ...setting, rules: [{ ...rule, level: 6 }] }, setting)).toEqual(['rules[0].level']);
    expect(differ({ ...setting, rules: [rule, rule] }, setting)).toEqual(['rules']);
    expect(differ(setting)).toEqual(['kind']);
    expect(differ(FIRST, setting)).toEqual(['kind']);
  });
});
