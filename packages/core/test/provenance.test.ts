import { describe, expect, it } from 'vitest';
import {
  CLOCK_SKEW_MAX_MS,
  type Command,
  decide,
  evolve,
  formatPath,
  type JournalRecord,
  occurredAtOf,
  parseCommand,
  provenanceOf,
  restock,
  systemLocationList,
} from '../src/index.ts';
import { decideGroup } from '../src/rules/decide-group.ts';
import { differences } from '../src/rules/differences.ts';
import { movesOf } from '../src/rules/tally.ts';
import { MUG, NEW_SHOP, PLACES, uuid } from './shop.ts';

const NOW = 1_700_000_000_000;
const ORDER = {
  source: 'webshop',
  externalId: '#1001',
  reason: 'paid',
  causedBy: uuid(800),
  occurredAt: NOW - 3_600_000,
} as const;

const MOVING = { kind: 'RecordMovements', id: uuid(900), lines: [restock('STORE', MUG, 1)] } as const;
const COMMANDS = [
  MOVING,
  { kind: 'OpenLocation', id: uuid(900), location: { id: uuid(31), type: 'STORE', name: 'Branch' } },
  { kind: 'SetLowStock', id: uuid(900), rules: [{ ...MUG, locationId: 'STORE', level: 5 }] },
  { kind: 'SetPolicy', id: uuid(900), policy: { floors: { STORE: 0 } } },
] as const;

const parsed = (input: object, provenance?: unknown): Command =>
  parseCommand({ ...input, provenance }, PLACES)._unsafeUnwrap();

/** The record of a command that also founded its organization. */
function recordOf(command: Command, externalUuid: JournalRecord['externalUuid'] = null): JournalRecord {
  const founding = systemLocationList(PLACES).map(location => ({ kind: 'LocationOpened', location }) as const);
  const policy = { kind: 'PolicySet', policy: { floors: {} } } as const;
  const events = [...founding, policy, ...decide(command, NEW_SHOP)._unsafeUnwrap()];
  return { commandId: command.id, externalUuid, events };
}

/** Each violation as `path: kind`. */
function violationsOf(provenance: unknown): readonly string[] {
  const refusal = parseCommand({ ...MOVING, provenance }, PLACES)._unsafeUnwrapErr();
  if (refusal.kind !== 'CommandInvalid') throw new Error(refusal.kind);
  return refusal.violations.map(({ path, kind }) => `${formatPath(path)}: ${kind}`);
}

describe('where a command comes from', () => {
  it.each(COMMANDS)('is recorded with $kind, and changes nothing else', command => {
    const plain = decide(parsed(command), NEW_SHOP)._unsafeUnwrap();
    const events = decide(parsed(command, ORDER), NEW_SHOP)._unsafeUnwrap();
    expect(events).toEqual([...plain, { kind: 'Attributed', provenance: ORDER }]);
    expect(evolve(NEW_SHOP, events)).toEqual(evolve(NEW_SHOP, plain));
    expect(provenanceOf(recordOf(parsed(command, ORDER)))).toEqual(ORDER);
  });

  it.each([null, undefined, {}, { source: null, externalId: undefined }])(
    'is not recorded when nobody says: %j',
    given => {
      expect(parsed(MOVING, given)).toEqual(parsed(MOVING));
      expect(provenanceOf(recordOf(parsed(MOVING, given)))).toEqual({});
    },
  );

  it('is an id elsewhere where the mirrored API gives one, unless another is given', () => {
    expect(provenanceOf(recordOf(parsed(MOVING), uuid(77)))).toEqual({ externalId: uuid(77) });
    expect(provenanceOf(recordOf(parsed(MOVING, ORDER), uuid(77)))).toEqual(ORDER);
  });

  it('keeps ids in lower case, texts as long as may be, and times as far back as dates go', () => {
    const given = {
      source: 's'.repeat(64),
      externalId: 'é'.repeat(256),
      causedBy: 'ABCDEF00-0000-4000-8000-00000000000A',
      occurredAt: -8.64e15,
    };
    expect(parsed(MOVING, given).provenance).toEqual({ ...given, causedBy: given.causedBy.toLowerCase() });
    expect(parsed(MOVING, { occurredAt: -0 }).provenance).toEqual({ occurredAt: 0 });
  });

  it.each([
    ['a text', 'webshop', 'provenance: TypeInvalid'],
    ['a field that it has not', { origin: 'webshop' }, 'provenance: FieldUnknown'],
    ['a source that is a number', { source: 7 }, 'provenance.source: ProvenanceInvalid'],
    ['an empty source', { source: '' }, 'provenance.source: ProvenanceInvalid'],
    ['a source that is too long', { source: 's'.repeat(65) }, 'provenance.source: ProvenanceInvalid'],
    ['an id that is too long', { externalId: 's'.repeat(257) }, 'provenance.externalId: ProvenanceInvalid'],
    ['two lines', { reason: 'paid\nin cash' }, 'provenance.reason: ProvenanceInvalid'],
    ['a NUL', { reason: 'paid\0' }, 'provenance.reason: ProvenanceInvalid'],
    ['a C1 control', { reason: 'paid\u0085' }, 'provenance.reason: ProvenanceInvalid'],
    ['half of a character', { reason: 'paid\ud83d' }, 'provenance.reason: ProvenanceInvalid'],
    ['a cause that is no id', { causedBy: '#1001' }, 'provenance.causedBy: UuidInvalid'],
    ['a cause that is a number', { causedBy: 7 }, 'provenance.causedBy: TypeInvalid'],
    ['a time as a text', { occurredAt: '2026-01-01' }, 'provenance.occurredAt: ProvenanceInvalid'],
    ['half a millisecond', { occurredAt: 0.5 }, 'provenance.occurredAt: ProvenanceInvalid'],
    ['a time that no date reaches', { occurredAt: 8.64e15 + 1 }, 'provenance.occurredAt: ProvenanceInvalid'],
    ['no time', { occurredAt: Number.NaN }, 'provenance.occurredAt: ProvenanceInvalid'],
  ])('is refused: %s', (_, given, violation) => expect(violationsOf(given)).toEqual([violation]));

  it.each(COMMANDS.slice(1))('is refused in $kind too', command => {
    expect(parseCommand({ ...command, provenance: { source: '' } }, PLACES).isErr()).toBe(true);
  });
});

describe('when it occurred', () => {
  it('is when it was recorded, unless the command says otherwise', () => {
    const stored = { sequence: 1, recordedAt: NOW };
    expect(occurredAtOf({ ...recordOf(parsed(MOVING)), ...stored })).toBe(NOW);
    expect(occurredAtOf({ ...recordOf(parsed(MOVING, ORDER)), ...stored })).toBe(ORDER.occurredAt);
  });

  it.each(COMMANDS)(
    'may be ahead of the clock that records $kind by as much as clocks differ, and no more',
    command => {
      const at = (occurredAt: number) => decide(parsed(command, { occurredAt }), NEW_SHOP, NOW);
      expect(at(NOW + CLOCK_SKEW_MAX_MS).isOk()).toBe(true);
      expect(at(NOW + CLOCK_SKEW_MAX_MS + 1)._unsafeUnwrapErr()).toEqual({
        kind: 'OccursLater',
        retry: 'after-refresh',
        occurredAt: NOW + CLOCK_SKEW_MAX_MS + 1,
        now: NOW,
        path: ['provenance', 'occurredAt'],
      });
    },
  );

  it('is judged before all that is looked up', () => {
    const command = parsed(
      { ...MOVING, lines: [restock(uuid(404), MUG, 1)] },
      { occurredAt: NOW + 2 * CLOCK_SKEW_MAX_MS },
    );
    expect(decide(command, NEW_SHOP, NOW)._unsafeUnwrapErr().kind).toBe('OccursLater');
    const founding = { system: PLACES, policy: undefined, isDone: true };
    const { refused } = decideGroup([{ command, moves: movesOf(command) }], NEW_SHOP, founding, NOW);
    expect(refused.map(({ rejection }) => rejection.kind)).toEqual(['OccursLater']);
  });
});

describe('a command that comes again', () => {
  const differ = (again: Command, first: Command) => differences(again, recordOf(first)).map(formatPath);

  it.each(COMMANDS)('is $kind from elsewhere, and says where it differs', command => {
    const first = parsed(command, ORDER);
    expect(differ(parsed(command, ORDER), first)).toEqual([]);
    expect(differ(parsed(command), parsed(command))).toEqual([]);
    expect(differ(parsed(command, { ...ORDER, source: 'till', occurredAt: NOW }), first)).toEqual([
      'provenance.source',
      'provenance.occurredAt',
    ]);
    expect(differ(parsed(command, { source: 'till' }), parsed(command))).toEqual(['provenance.source']);
    expect(differ(parsed(command), parsed(command, { reason: 'lost' }))).toEqual(['provenance.reason']);
  });

  it('with a request is compared by that, and by where it comes from', () => {
    const request = { kind: 'Count', counted: 3 };
    const first = parsed({ ...MOVING, request }, ORDER);
    const lines = [restock('STORE', MUG, 2)];
    expect(differ(parsed({ ...MOVING, lines, request }, ORDER), first)).toEqual([]);
    expect(differ(parsed({ ...MOVING, request: { ...request, counted: 4 } }), first)).toEqual([
      'request.counted',
      ...Object.keys(ORDER).map(field => `provenance.${field}`),
    ]);
  });
});
