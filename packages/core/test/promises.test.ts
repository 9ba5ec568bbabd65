import { describe, expect, it } from 'vitest';
import {
  decide,
  evolve,
  heldKey,
  holdsAgree,
  type JsonValue,
  keepsFloor,
  type LedgerEvent,
  type NoteWrite,
  parseCommand,
  plan,
  type RecordMovements,
  type RecordMovementsInput,
  readReserved,
  reservedAt,
  reservedKey,
  reservedNote,
  restock,
  type Slice,
  sale,
  touches,
  touchesEnough,
  transfer,
} from '../src/index.ts';
import { decideGroup } from '../src/rules/decide-group.ts';
import { movesOf } from '../src/rules/tally.ts';
import { MUG, NEW_SHOP, PLACES, PLATE, SHOP, uuid } from './shop.ts';

const SHELF = { locationId: PLACES.STORE, variantId: MUG.variantId };
const NOTE = reservedNote(SHELF);
const POLICY = { floors: { STORE: 0 }, holds: true } as const;
const SYSTEM = { system: PLACES, policy: undefined, isDone: true };
const OVERRIDE = { floors: true, reason: 'so' } as const;

const promising = (until: readonly (readonly [number | null, number])[], at = 100, ifSequence?: number): NoteWrite => ({
  ...NOTE,
  body: { productId: MUG.productId, at, until },
  ifSequence,
});

function commandOf(parts: Omit<RecordMovementsInput, 'kind' | 'id'>, id = uuid(900)): RecordMovements {
  return parseCommand({ kind: 'RecordMovements', id, ...parts }, PLACES)._unsafeUnwrap() as RecordMovements;
}

const selling = (quantity: number, id?: ReturnType<typeof uuid>) =>
  commandOf({ lines: [sale('STORE', MUG, quantity)] }, id);

/** A shop of 5 mugs that keeps holds; of them some are promised, at sequence 7. */
function shopWith(
  until: readonly (readonly [number | null, number])[] | null,
  policy: Slice['policy'] = POLICY,
): Slice {
  const stocked = evolve(
    { ...NEW_SHOP, policy },
    decide(commandOf({ lines: [restock('STORE', MUG, 5)] }), NEW_SHOP)._unsafeUnwrap(),
  );
  if (until === null) return stocked;
  const body = promising(until).body as JsonValue;
  return { ...stocked, notes: new Map([[NOTE.kind, new Map([[NOTE.id, { body, sequence: 7 }]])]]) };
}

describe('a note about promises', () => {
  it('names its balance, and no other note does', () => {
    expect(reservedKey(NOTE)).toEqual(SHELF);
    for (const id of ['', NOTE.id.slice(1), `${NOTE.id}.${uuid(5)}`, uuid(5), `${uuid(5)}x${uuid(6)}`, `${uuid(5)}.x`])
      expect(reservedKey({ ...NOTE, id })).toBeNull();
    expect(reservedKey({ ...NOTE, id: NOTE.id.replace('-8100-', '-A100-') })).toBeNull();
    expect(reservedKey({ ...NOTE, kind: 'hold' })).toBeNull();
    expect(heldKey({ kind: 'held', id: `${NOTE.id}.${uuid(5)}` })).toEqual(SHELF);
    expect(heldKey({ kind: 'held', id: NOTE.id })).toBeNull();
    expect(heldKey({ ...NOTE, id: `${NOTE.id}.${uuid(5)}` })).toBeNull();
  });

  it('says how much is promised at a time, and what says something else promises nothing', () => {
    const reserved = readReserved(
      promising([
        [200, 2],
        [null, 3],
      ]).body,
    );
    expect([199, 200].map(at => reservedAt(reserved, at))).toEqual([5, 3]);
    for (const body of [undefined, null, 7, {}, { productId: MUG.productId }, { productId: 'mug', until: [] }])
      expect(readReserved(body)).toBeNull();
    expect(reservedAt(null, 0)).toBe(0);
  });
});

describe('where holds are kept', () => {
  it('a sale leaves what is promised at the time', () => {
    const shop = shopWith([[200, 3]]);
    expect(decide(selling(2), shop, 199).isOk()).toBe(true);
    expect(decide(selling(3), shop, 199)._unsafeUnwrapErr()).toMatchObject({
      shortages: [{ ...SHELF, onHand: 5, reserved: 3, requested: 3, floor: 0 }],
    });
    expect(decide(selling(3), shop, 200).isOk()).toBe(true);
    expect(decide(commandOf({ lines: [sale('STORE', MUG, 3)], override: OVERRIDE }), shop, 199).isOk()).toBe(true);
    expect(decide(selling(3), shopWith([[200, 3]], { floors: { STORE: 0 } }), 199).isOk()).toBe(true);
    expect(decide(commandOf({ lines: [restock('STORE', MUG, 3)] }), shop, 199).isOk()).toBe(true);
  });

  it('a promise is refused for more than is available, and a smaller one never', () => {
    const shop = shopWith([[null, 3]]);
    const rejection = decide(commandOf({ notes: [promising([[null, 6]])] }), shop)._unsafeUnwrapErr();
    expect(rejection).toMatchObject({
      kind: 'StockInsufficient',
      shortages: [{ onHand: 5, reserved: 3, requested: 3, floor: 0, paths: [['notes', 0, 'body']] }],
    });
    expect(decide(commandOf({ notes: [promising([[null, 5]])] }), shop).isOk()).toBe(true);
    expect(decide(commandOf({ notes: [promising([[null, 8]])] }), shopWith([[null, 9]])).isOk()).toBe(true);
  });

  it('what is promised is judged with what the same command moves', () => {
    const shop = shopWith([[null, 5]]);
    const posting = (left: number, quantity: number) =>
      commandOf({ lines: [sale('STORE', MUG, quantity)], notes: [promising([[null, left]])] });
    expect(decide(posting(3, 2), shop).isOk()).toBe(true);
    expect(decide(posting(3, 3), shop)._unsafeUnwrapErr()).toMatchObject({
      shortages: [
        {
          reserved: 5,
          requested: 1,
          paths: [
            ['lines', 0, 'quantity'],
            ['notes', 0, 'body'],
          ],
        },
      ],
    });
    // More is promised than is there: what is posted needs no more than itself.
    expect(decide(posting(5, 4), shopWith([[null, 9]])).isOk()).toBe(true);
    expect(decide(posting(3, 6), shopWith([[null, 9]]))._unsafeUnwrapErr()).toMatchObject({
      shortages: [{ onHand: 5, reserved: 3, requested: 6, floor: 0 }],
    });
  });

  it('a promise is guarded by what is on hand and by the note, and so is a sale', () => {
    const shop = shopWith([[null, 3]]);
    const planned = (command: RecordMovements, slice = shop) =>
      plan(slice, [{ command, events: decide(command, slice)._unsafeUnwrap() }], { organizationId: SHOP, at: 1 });
    const { balances, postings, notes } = planned(commandOf({ notes: [promising([[null, 4]], 100, 7)] }));
    expect(balances).toEqual([{ key: SHELF, productId: MUG.productId, delta: 0, min: 4 }]);
    expect(postings).toEqual([]);
    expect(notes).toEqual([{ ...NOTE, ifSequence: 7, write: { body: promising([[null, 4]]).body, record: 0 } }]);
    const sold = planned(selling(1));
    expect(sold.balances.map(({ min }) => min)).toEqual([4, undefined]);
    expect(sold.notes).toEqual([{ ...NOTE, ifSequence: 7 }]);
    expect(planned(selling(1), shopWith(null)).notes).toEqual([{ ...NOTE, ifSequence: 0 }]);
    expect(planned(commandOf({ lines: [restock('STORE', MUG, 1)] })).notes).toBeUndefined();
    expect(planned(commandOf({ lines: [sale('STORE', MUG, 1)], override: OVERRIDE })).notes).toBeUndefined();
    const released = planned(commandOf({ notes: [promising([[null, 2]], 100, 7)] }));
    expect(released.balances).toEqual([{ key: SHELF, productId: MUG.productId, delta: 0 }]);
  });

  it('a promise is judged by the time that it says, whatever the clock says by then', () => {
    const until = [[200, 3] as const, [null, 3] as const];
    const command = commandOf({ notes: [promising(until, 100, 7)] });
    const refused = decide(command, shopWith([[200, 3]]), 300)._unsafeUnwrapErr();
    expect(refused).toMatchObject({ shortages: [{ onHand: 5, reserved: 3, requested: 3 }] });
    const later = commandOf({ notes: [promising(until.slice(1), 300, 7)] });
    expect(decide(later, shopWith([[200, 3]]), 100).isOk()).toBe(true);
  });

  it('commands of one group see what those before them promise', () => {
    const shop = shopWith(null);
    const commands = [
      commandOf({ notes: [promising([[null, 3]], 100, 0)] }),
      selling(2, uuid(901)),
      selling(1, uuid(902)),
    ];
    const group = commands.map(command => ({ command, moves: movesOf(command) }));
    const { accepted, refused } = decideGroup(group, shop, SYSTEM, 100);
    expect(refused.map(({ rejection }) => rejection)).toMatchObject([{ shortages: [{ onHand: 3, reserved: 3 }] }]);
    const decided = accepted.map(({ decided }) => decided);
    const { balances, notes } = plan(shop, decided, { organizationId: SHOP, at: 100 });
    expect(balances[0]).toMatchObject({ key: SHELF, delta: -2, min: 5 });
    expect(notes).toMatchObject([{ ...NOTE, ifSequence: 0, write: { record: 0 } }]);
  });

  it('commands behind the one that has holds kept wait for the next group, which looks at the promises', () => {
    const shop = shopWith(null, { floors: { STORE: 0 } });
    const setting = parseCommand({ kind: 'SetPolicy', id: uuid(901), policy: POLICY }, PLACES)._unsafeUnwrap();
    const group = [selling(1), setting, selling(1, uuid(902))].map(command => ({ command, moves: movesOf(command) }));
    const { accepted, postponed } = decideGroup(group, shop, SYSTEM);
    expect(accepted.map(({ of }) => of)).toEqual(group.slice(0, 2));
    expect(postponed).toEqual(group.slice(2));
    expect(decideGroup(group, { ...shop, configVersion: 0 }, SYSTEM).postponed).toEqual([]);
  });

  it('a command touches what it promises, and what is promised of what it takes', () => {
    const promise = commandOf({ notes: [promising([[null, 3]])] });
    const { balances, locations, products, variants, notes } = touches(promise);
    expect({ balances, locations, products, variants, notes }).toEqual({
      balances: [SHELF],
      locations: [PLACES.STORE],
      products: [MUG.productId],
      variants: [MUG.variantId],
      notes: [NOTE],
    });
    expect(touches(selling(1)).notes).toBeUndefined();
    expect(touches(selling(1), true).notes).toEqual([NOTE]);
    const shop = shopWith([[null, 3]]);
    expect(touchesEnough(selling(3), shop)).toEqual([]);
    expect(touchesEnough(selling(3), shop, { ...touches(selling(3)), notes: [] })).toHaveLength(1);
    expect(touchesEnough(selling(3), shop, { ...touches(selling(3)), notes: undefined })).toHaveLength(1);
  });

  it('a promise names a place that is open, and a tracked product to which the variant belongs', () => {
    const shop = shopWith(null);
    const of = (key: typeof SHELF, productId: string) => {
      const body = { productId, at: 1, until: [[null, 1]] } as const;
      return decide(
        commandOf({
          notes: [
            { kind: 'count', id: 'c', body: 1 },
            { ...reservedNote(key), body },
          ],
        }),
        shop,
      );
    };
    expect(of({ ...SHELF, locationId: uuid(404) }, MUG.productId)._unsafeUnwrapErr()).toMatchObject({
      locations: [{ locationId: uuid(404), path: ['notes', 1, 'id'] }],
    });
    expect(of(SHELF, PLATE.productId)._unsafeUnwrapErr()).toMatchObject({
      variants: [{ ...MUG, productId: PLATE.productId, path: ['notes', 1, 'productId'] }],
    });
    expect(of({ ...SHELF, variantId: uuid(99) }, uuid(98))._unsafeUnwrapErr()).toMatchObject({
      products: [{ productId: uuid(98), path: ['notes', 1, 'body', 'productId'] }],
    });
  });
});

describe('the journal of holds', () => {
  const RESERVED = promising([
    [200, 2],
    [null, 1],
  ]).body as JsonValue;
  const founding: LedgerEvent[] = [
    { kind: 'LocationOpened', location: NEW_SHOP.locations.get(PLACES.STORE) as never },
    { kind: 'PolicySet', policy: POLICY },
  ];
  const linesOf = (...lines: readonly ReturnType<typeof sale>[]): LedgerEvent => ({
    kind: 'MovementsRecorded',
    lines: commandOf({ lines }).lines,
  });
  const record = (sequence: number, recordedAt: number, ...events: readonly LedgerEvent[]) => {
    return { commandId: uuid(sequence), externalUuid: null, sequence, recordedAt, events };
  };

  it('shows who has taken what was held', () => {
    const stocked = record(1, 1, ...founding, linesOf(restock('STORE', MUG, 5)));
    const held = record(2, 100, { kind: 'NotesWritten', notes: [{ ...NOTE, body: RESERVED }] });
    const sold = (at: number) => record(3, at, linesOf(sale('STORE', MUG, 3)));
    expect(keepsFloor([stocked, held, sold(199)])).toEqual([
      { invariant: 'keepsFloor', ...SHELF, sequence: 3, onHand: 2, floor: 3 },
    ]);
    expect(keepsFloor([stocked, held, sold(200)])).toEqual([]);
    const forced = record(3, 199, { kind: 'FloorsOverridden', reason: 'so' }, linesOf(sale('STORE', MUG, 3)));
    expect(keepsFloor([stocked, held, forced])).toEqual([]);
    const tooMuch = record(2, 100, { kind: 'NotesWritten', notes: [promising([[null, 6]])] } as LedgerEvent);
    expect(keepsFloor([stocked, tooMuch])).toMatchObject([{ sequence: 2, onHand: 5, floor: 6 }]);
    expect(keepsFloor([stocked, record(2, 1, linesOf(transfer('STORE', 'BIN', MUG, 5)))])).toEqual([]);
  });

  it('shows a promise that is not the sum of its holds', () => {
    const hold = (number: number, quantity: number, expiresAt: number | null) => ({
      kind: 'held',
      id: `${NOTE.id}.${uuid(number)}`,
      body: { quantity, expiresAt },
      sequence: 2,
    });
    const reserved = { ...NOTE, body: RESERVED, sequence: 3 };
    const holds = [hold(1, 1, 200), hold(2, 1, 200), hold(3, 1, null), hold(4, 5, 100)];
    const other = { kind: 'hold', id: 'h1', body: 1, sequence: 1 };
    expect(holdsAgree([other, reserved, ...holds])).toEqual([]);
    const inAnotherOrder = [[null, 1] as const, [200, 2] as const];
    const otherwise = { ...reserved, body: promising(inAnotherOrder).body as JsonValue };
    expect(holdsAgree([otherwise, ...holds])).toEqual([]);
    expect(holdsAgree([reserved, ...holds.toReversed()])).toEqual([]);
    expect(holdsAgree([reserved, ...holds.slice(1)])).toEqual([
      { invariant: 'holdsAgree', ...SHELF, held: '[[null,1],[200,1]]', reserved: '[[null,1],[200,2]]' },
    ]);
    expect(holdsAgree([reserved])).toMatchObject([{ held: '[]' }]);
    expect(holdsAgree(holds.slice(2, 3))).toMatchObject([{ held: '[[null,1]]', reserved: '[]' }]);
  });
});
