import { describe, expect, it } from 'vitest';
import {
  type Commit,
  type ExpectationInput,
  expecting,
  type MovementLineInput,
  parseCommand,
  plan,
  restock,
  type Slice,
  sale,
  startTracking,
  stopTracking,
  transfer,
} from '../src/index.ts';
import { contentOf } from '../src/rules/decide.ts';
import { MUG, NEW_SHOP, PLACES, PLATE, SHOP, uuid, VAN } from './shop.ts';

const FLOORED: Slice = { ...NEW_SHOP, policy: { floors: { STORE: 0 } } };
const CONTEXT = { organizationId: SHOP, at: 5_000 };

type Parts = Readonly<{
  expect?: readonly ExpectationInput[];
  lines?: readonly MovementLineInput[];
  tracking?: readonly unknown[];
  externalUuid?: string;
}>;

/** The commit of commands as if each had been accepted: `decide` has its own tests. */
function planned(slice: Slice, ...commands: readonly Parts[]): Commit {
  return plan(slice, commands.map(decidedOf), CONTEXT);
}

function decidedOf(parts: Parts, index: number) {
  const command = parseCommand({ kind: 'RecordMovements', id: uuid(900 + index), ...parts }, PLACES)._unsafeUnwrap();
  return { command, events: contentOf(command) };
}

/** What a commit does to STORE: delta and guard. */
function onShelf(commit: Commit): unknown {
  return commit.balances
    .filter(change => change.key.locationId === PLACES.STORE)
    .map(({ delta, min, max }) => ({
      delta,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    }));
}

const selling = (quantity: number): Parts => ({ lines: [sale('STORE', MUG, quantity)] });
const bringing = (quantity: number): Parts => ({ lines: [restock('STORE', MUG, quantity)] });

describe('guards', () => {
  it('ask for the very balance that is expected, also where nothing moves', () => {
    const commit = planned(NEW_SHOP, { expect: [expecting('STORE', MUG, 4)], lines: [restock(VAN.id, MUG, 1)] });
    expect(onShelf(commit)).toEqual([{ delta: 0, min: 4, max: 4 }]);
    expect(commit.postings).toHaveLength(2);
  });

  it('of an expectation speak of the balance before the commit, whatever the commands before it do', () => {
    const adjusting: Parts = { ...selling(1), expect: [expecting('STORE', MUG, 9)] };
    expect(onShelf(planned(FLOORED, bringing(5), adjusting))).toEqual([{ delta: 4, min: 4, max: 4 }]);
    expect(onShelf(planned(FLOORED, selling(6), adjusting))).toEqual([{ delta: -7, min: 15, max: 15 }]);
    const later: Parts = { ...selling(1), expect: [expecting('STORE', MUG, 8)] };
    expect(onShelf(planned(FLOORED, adjusting, later))).toEqual([{ delta: -2, min: 9, max: 9 }]);
    expect(onShelf(planned(FLOORED, adjusting, adjusting))).toEqual([{ delta: -2, min: 10, max: 9 }]);
  });

  it('ask for what a sale takes, above the floor', () => {
    expect(onShelf(planned(FLOORED, selling(5)))).toEqual([{ delta: -5, min: 5 }]);
    expect(onShelf(planned({ ...FLOORED, policy: { floors: { STORE: -2 } } }, selling(5)))).toEqual([
      { delta: -5, min: 3 },
    ]);
  });

  it('are absent without a floor', () => {
    expect(onShelf(planned(NEW_SHOP, selling(5)))).toEqual([{ delta: -5 }]);
  });

  it('are absent where stock comes in', () => {
    expect(onShelf(planned(FLOORED, bringing(5)))).toEqual([{ delta: 5 }]);
  });

  it('hold at every sequence of a group: sell 5, then bring 10, needs 5', () => {
    expect(onShelf(planned(FLOORED, selling(5), bringing(10)))).toEqual([{ delta: 5, min: 5 }]);
  });

  it('count what came before in the group: bring 10, then sell 5, needs -5', () => {
    expect(onShelf(planned(FLOORED, bringing(10), selling(5)))).toEqual([{ delta: 5, min: -5 }]);
  });

  it('add up over sales: 5, 10 in, then 12 needs 7', () => {
    expect(onShelf(planned(FLOORED, selling(5), bringing(10), selling(12)))).toEqual([{ delta: -7, min: 7 }]);
  });

  it('keep the highest need of a group: sell 5, bring 10, sell 1 still needs 5', () => {
    expect(onShelf(planned(FLOORED, selling(5), bringing(10), selling(1)))).toEqual([{ delta: 4, min: 5 }]);
  });

  it('of locations of another type are absent', () => {
    const commit = planned(FLOORED, { lines: [transfer(VAN.id, 'BIN', MUG, 1)] });
    expect(commit.balances.every(change => change.min === undefined && change.max === undefined)).toBe(true);
  });
});

describe('balances and postings', () => {
  it('have one balance per key and one posting per record and key', () => {
    const commit = planned(NEW_SHOP, { lines: [restock('STORE', MUG, 3), restock('STORE', MUG, 4)] }, selling(2));
    expect(commit.balances.map(({ key, delta }) => [key.locationId, delta])).toEqual([
      [PLACES.SUPPLIER, -7],
      [PLACES.STORE, 5],
      [PLACES.SOLD, 2],
    ]);
    expect(commit.postings).toEqual([
      { record: 0, balance: 0, delta: -7, running: -7 },
      { record: 0, balance: 1, delta: 7, running: 7 },
      { record: 1, balance: 1, delta: -2, running: 5 },
      { record: 1, balance: 2, delta: 2, running: 2 },
    ]);
  });

  it('keep a balance whose records cancel out, with both postings', () => {
    const commit = planned(NEW_SHOP, bringing(5), { lines: [transfer('STORE', 'SUPPLIER', MUG, 5)] });
    expect(commit.balances.map(change => change.delta)).toEqual([0, 0]);
    expect(commit.postings.map(posting => posting.running)).toEqual([-5, 5, 0, 0]);
  });

  it('say which product a variant is of', () => {
    expect(planned(NEW_SHOP, bringing(1)).balances.map(change => change.productId)).toEqual([
      MUG.productId,
      MUG.productId,
    ]);
  });
});

describe('records and configuration', () => {
  it('hold one record per command, with its id, its correlation and its events', () => {
    const commit = planned(NEW_SHOP, { ...selling(1), externalUuid: uuid(77) }, selling(2));
    expect(commit.records.map(record => [record.commandId, record.externalUuid, record.events.length])).toEqual([
      [uuid(900), uuid(77), 1],
      [uuid(901), null, 1],
    ]);
  });

  it('name the version, the organization and the time they were decided on', () => {
    const { configVersion, organizationId, at, observe } = planned({ ...NEW_SHOP, configVersion: 7 }, selling(1));
    expect({ configVersion, organizationId, at, observe }).toEqual({
      configVersion: 7,
      organizationId: SHOP,
      at: 5_000,
      observe: [],
    });
  });

  it('name each balance once, whoever looks at it: a line, an expectation, or a command that is refused', () => {
    const expected = planned(FLOORED, { ...selling(1), expect: [expecting('STORE', MUG, 4)] });
    expect(onShelf(expected)).toEqual([{ delta: -1, min: 4, max: 4 }]);
    const { command } = decidedOf(selling(9), 1);
    expect(onShelf(plan(FLOORED, [decidedOf(selling(1), 0)], { ...CONTEXT, observe: [command] }))).toEqual([
      { delta: -1, min: 1 },
    ]);
  });

  it('write a change of tracking only when it is one', () => {
    const { productId } = PLATE;
    expect(planned(NEW_SHOP, { tracking: [startTracking(productId)] }).config).toEqual([]);
    expect(planned(NEW_SHOP, { tracking: [stopTracking(productId)] }).config).toEqual([
      { kind: 'Tracking', productId, tracked: false },
    ]);
    expect(planned(NEW_SHOP, { tracking: [stopTracking(productId), startTracking(productId)] }).config).toEqual([]);
  });
});

it('guards nothing at a place that the slice does not know', () => {
  const blind: Slice = { ...FLOORED, locations: new Map() };
  expect(onShelf(planned(blind, { lines: [sale('STORE', MUG, 5)] }))).toEqual([{ delta: -5 }]);
});

it('posts lines that add up to 0 too, so that the store settles the product of the variant', () => {
  const lines = [transfer('STORE', 'BIN', MUG, 2), transfer('BIN', 'STORE', MUG, 2)];
  const commit = planned(FLOORED, { lines });
  expect(commit.postings.map(({ delta, running }) => [delta, running])).toEqual([
    [0, 0],
    [0, 0],
  ]);
  expect(onShelf(commit)).toEqual([{ delta: 0 }]);
});
