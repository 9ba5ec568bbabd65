import {
  createLedger,
  diff,
  explain,
  history,
  type Ledger,
  type LedgerStore,
  type MovementLineInput,
  restock,
  sale,
  sequenceAt,
  startTracking,
  transfer,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const PLATE = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 2) };
const SHELF = { locationId: 'STORE', variantId: MUG.variantId };

/** A shop whose clock shows 10 s at its first command, and 10 s more at each after it. */
function openShop(store: LedgerStore = createMemoryStore()) {
  let now = 0;
  const ledger = createLedger({
    store,
    clock: () => {
      now += 10_000;
      return now;
    },
  });
  const move = async (number: number, ...lines: readonly MovementLineInput[]) =>
    (
      await ledger.execute({
        kind: 'RecordMovements',
        id: numberedId(0xd, number),
        tracking: number === 1 ? [startTracking(MUG.productId)] : [],
        lines,
      })
    )._unsafeUnwrap();
  return { ledger, move };
}

async function threeDays() {
  const shop = openShop();
  await shop.move(1, restock('STORE', MUG, 10), restock('STORE', PLATE, 4));
  await shop.move(2, sale('STORE', MUG, 3));
  await shop.move(3, sale('STORE', PLATE, 4));
  await shop.move(4, sale('STORE', MUG, 2), restock('STORE', MUG, 2));
  await shop.move(5, transfer('STORE', 'BIN', MUG, 1));
  return shop;
}

const walk = async (ledger: Ledger, limit: number) => {
  const entries: [number, number, number][] = [];
  let cursor: string | undefined;
  do {
    const page = (await history(ledger, { ...SHELF, cursor, limit }))._unsafeUnwrap();
    for (const { record, delta, onHand } of page.items) entries.push([record.sequence, delta, onHand]);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return entries;
};

describe('the history of a balance', () => {
  it('names each record that moved it, what it added, and what was there then', async () => {
    const { ledger } = await threeDays();
    const whole = [
      [1, 10, 10],
      [2, -3, 7],
      [4, 0, 7],
      [5, -1, 6],
    ];
    expect(await walk(ledger, 100)).toEqual(whole);
    expect(await walk(ledger, 1)).toEqual(whole);
    expect(await walk(ledger, 3)).toEqual(whole);
  });

  it('stays where it is while others write', async () => {
    const { ledger, move } = await threeDays();
    const { next } = (await history(ledger, { ...SHELF, limit: 2 }))._unsafeUnwrap();
    await move(6, restock('STORE', MUG, 30));
    const rest = (await history(ledger, { ...SHELF, cursor: next ?? '' }))._unsafeUnwrap();
    expect(rest.items.map(({ record }) => record.sequence)).toEqual([4, 5, 6]);
  });

  it('is empty for what never moved, and says what is wrong with a question', async () => {
    const { ledger } = await threeDays();
    const none = await history(ledger, { locationId: 'SOLD', variantId: numberedId(0xc, 9) });
    expect(none._unsafeUnwrap()).toEqual({ items: [], next: null, asOf: 5 });
    const wrong = await history(ledger, { locationId: 'shelf', variantId: MUG.variantId });
    expect(wrong._unsafeUnwrapErr()).toMatchObject({ kind: 'QueryInvalid', field: 'locationId' });
    expect((await ledger.postings({ ...SHELF, after: -1 }))._unsafeUnwrapErr()).toMatchObject({ field: 'after' });
  });

  it('cannot be had of a store that keeps no postings', async () => {
    const { postings: _, ...store } = createMemoryStore();
    const { ledger } = openShop(store);
    expect((await history(ledger, SHELF))._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreFailed' });
    expect((await explain(ledger, SHELF))._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreFailed' });
  });
});

describe('an explanation', () => {
  it('gives the records that make the number, of now and of then', async () => {
    const { ledger } = await threeDays();
    const now = (await explain(ledger, SHELF))._unsafeUnwrap();
    expect([now.onHand, now.asOf, now.entries.map(({ delta }) => delta)]).toEqual([6, 5, [10, -3, 0, -1]]);
    const then = (await explain(ledger, { ...SHELF, asOf: 3 }))._unsafeUnwrap();
    expect([then.onHand, then.asOf, then.entries.map(({ delta }) => delta)]).toEqual([7, 3, [10, -3]]);
  });

  it('of a long past is read page by page, and no further than its sequence', async () => {
    const store = createMemoryStore();
    let pages = 0;
    const postings: LedgerStore['postings'] = query => {
      pages += 1;
      return store.postings?.(query) ?? expect.unreachable();
    };
    const { ledger, move } = openShop({ ...store, postings });
    for (let number = 1; number <= 350; number++) await move(number, restock('STORE', MUG, 1));
    const then = (await explain(ledger, { ...SHELF, asOf: 150 }))._unsafeUnwrap();
    expect(then.entries.map(({ record }) => record.sequence)).toEqual(Array.from({ length: 150 }, (_, at) => at + 1));
    expect(pages).toBe(2);
    expect((await explain(ledger, SHELF))._unsafeUnwrap().entries).toHaveLength(350);
  });

  it('for any movements, adds up to the balance as of any sequence', async () => {
    const quantities = fc.array(fc.integer({ min: -9, max: 9 }).filter(Boolean), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(quantities, fc.nat(), async (moves, at) => {
        const { ledger, move } = openShop();
        for (const [index, quantity] of moves.entries())
          await move(index + 1, quantity > 0 ? restock('STORE', MUG, quantity) : sale('STORE', MUG, -quantity));
        const asOf = at % (moves.length + 1);
        const { onHand, entries } = (await explain(ledger, { ...SHELF, asOf }))._unsafeUnwrap();
        expect(entries.reduce((sum, { delta }) => sum + delta, 0)).toBe(onHand);
        expect(entries.length).toBe(asOf);
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});

describe('the sequence of a time', () => {
  it('is that of the last record by then', async () => {
    const { ledger } = await threeDays();
    const times = [0, 9_999, 10_000, 29_999, 50_000, 1e15];
    const found = await Promise.all(times.map(async at => (await sequenceAt(ledger, at))._unsafeUnwrap()));
    expect(found).toEqual([0, 0, 1, 2, 5, 5]);
    expect((await sequenceAt(openShop().ledger, 5))._unsafeUnwrap()).toBe(0);
  });

  it('is that of a record that is there, where the head speaks of more', async () => {
    const { ledger } = await threeDays();
    const journal: Ledger['journal'] = query => ledger.journal(query).map(page => ({ ...page, asOf: 50 }));
    expect((await sequenceAt({ ...ledger, journal }, 1e15))._unsafeUnwrap()).toBe(5);
  });
});

describe('a difference', () => {
  it('between two times names what has moved since', async () => {
    const { ledger } = await threeDays();
    const since = (await diff({ ledger, asOf: 2 }, { ledger }))._unsafeUnwrap();
    const { STORE, SUPPLIER, SOLD, BIN } = ledger.systemLocations;
    expect(since.map(({ variantId, locationId, one, other }) => [variantId, locationId, one, other])).toEqual([
      [MUG.variantId, STORE, 7, 6],
      [MUG.variantId, SUPPLIER, -10, -12],
      [MUG.variantId, SOLD, 3, 5],
      [MUG.variantId, BIN, 0, 1],
      [PLATE.variantId, STORE, 4, 0],
      [PLATE.variantId, SOLD, 0, 4],
    ]);
    expect((await diff({ ledger }, { ledger }))._unsafeUnwrap()).toEqual([]);
  });

  it('between two ledgers is what one has and the other has not, whichever comes first', async () => {
    const { ledger } = await threeDays();
    const empty = openShop().ledger;
    const one = (await diff({ ledger }, { ledger: empty }))._unsafeUnwrap();
    const other = (await diff({ ledger: empty }, { ledger }))._unsafeUnwrap();
    expect(one.length).toBe(6);
    expect(other).toEqual(one.map(({ one: ours, other: theirs, ...key }) => ({ ...key, one: theirs, other: ours })));
  });

  it('walks over many pages, each ledger at its own pace', async () => {
    const [many, few] = [openShop(), openShop()];
    const variants = Array.from({ length: 1_500 }, (_, index) => ({ ...MUG, variantId: numberedId(0xc, index + 1) }));
    await many.move(1, ...variants.slice(0, 1_000).map(variant => restock('STORE', variant, 1)));
    await many.move(2, ...variants.slice(1_000).map(variant => restock('STORE', variant, 1)));
    await few.move(1, restock('STORE', variants[1_499] ?? MUG, 1));
    const found = (await diff({ ledger: many.ledger }, { ledger: few.ledger }))._unsafeUnwrap();
    expect(found.length).toBe(2 * 1_499);
  });

  it('passes on what either store says', async () => {
    const { ledger } = await threeDays();
    const closed = openShop().ledger;
    await closed.close();
    expect((await diff({ ledger }, { ledger: closed }))._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreClosed' });
    expect((await diff({ ledger: closed }, { ledger }))._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreClosed' });
    expect((await explain(closed, SHELF))._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreClosed' });
    expect((await sequenceAt(closed, 1))._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreClosed' });
  });
});
