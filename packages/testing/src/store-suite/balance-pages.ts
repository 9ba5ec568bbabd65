import { type Balance, type BalanceQuery, compareKeys, type LedgerStore } from '@stockfold/core';
import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { balancesOf, committed } from './read-store.ts';
import { commandId, foundingOf, LARGE_MUG, MUG, moving, PLACES, PLATE, SHOP, variantNumber } from './shop.ts';
import type { Suite } from './suite.ts';

/** What pages of balances promise: a stable order, filters, and cursors that others' writes do not spoil. */
export function describeBalancePages({ describe, it }: Suite): void {
  describe('balances', () => {
    it('come in the order of variant and location', async ({ store }) => {
      await stock(store);
      const rows = await balancesOf(store);
      assertEqual(rows, [...rows].sort(compareKeys), 'the order');
      assertEqual(rows.length, 8, 'rows');
      assertEqual(rows[0], { ...MUG, locationId: PLACES.STORE, onHand: 3 }, 'the first row');
    });

    it('of an organization that never was are an empty page', async ({ store }) => {
      assertEqual(
        await answerOf(store.balances({ organizationId: SHOP, limit: 10 })),
        { items: [], next: null, asOf: 0 },
        'the page',
      );
    });

    for (const limit of [1, 2, 3, 4, 7, 8, 9])
      it(`come in pages of ${limit}, each row once`, async ({ store }) => {
        await stock(store);
        const pages = await pagesOf(store, { limit });
        assertEqual(pages.flat(), await balancesOf(store), 'all pages');
        assertEqual(pages.length, Math.ceil(8 / limit), 'how many pages');
      });

    for (const [name, { query, rows }] of Object.entries(FILTERS))
      it(`filters by ${name}`, async ({ store }) => {
        await stock(store);
        const expected = (await balancesOf(store)).filter(rows);
        assertEqual(await balancesOf(store, query), expected, 'one page');
        assertEqual((await pagesOf(store, { ...query, limit: 2 })).flat(), expected, 'pages of 2');
        assertEqual(
          (await pagesOf(store, { ...query, asOf: 3, limit: 1 })).flat().length <= expected.length,
          true,
          'as of before',
        );
      });

    it('show a variant that moved for the first time after they were read', async ({ store }) => {
      await stock(store);
      const before = await balancesOf(store);
      await committed(
        store,
        commitOf([{ commandId: commandId(20), lines: [moving(variantNumber(9), 'SUPPLIER', 'STORE', 1)] }]),
      );
      assertEqual((await balancesOf(store)).length, before.length + 2, 'rows');
    });

    it('keep their place in the pages while others write', async ({ store }) => {
      await stock(store);
      const first = await answerOf(store.balances({ organizationId: SHOP, limit: 3 }));
      const last = first.items.at(-1);
      assertEqual(first.next, `${last?.variantId}.${last?.locationId}`, 'next, the key of the last item');
      const early = variantBefore();
      const lines = [moving(early, 'SUPPLIER', 'STORE', 1), moving(MUG, 'STORE', 'SUPPLIER', 3)];
      await committed(store, commitOf([{ commandId: commandId(20), lines }]));
      await committed(
        store,
        commitOf([{ commandId: commandId(21), lines: [moving(variantNumber(9), 'SUPPLIER', 'STORE', 1)] }]),
      );
      const rest = await pagesOf(store, { limit: 3, cursor: first.next ?? '' });
      const expected = (await balancesOf(store)).filter(row => row.variantId !== early.variantId).slice(3);
      assertEqual(rest.flat(), expected, 'what comes after the first page');
    });

    it('say at which sequence they were read', async ({ store }) => {
      await stock(store);
      assertEqual((await answerOf(store.balances({ organizationId: SHOP, limit: 1 }))).asOf, 4, 'asOf of a page');
    });
  });
}

const FILTERS: Readonly<Record<string, { query: Partial<BalanceQuery>; rows: (row: Balance) => boolean }>> = {
  location: { query: { locationId: PLACES.STORE }, rows: row => row.locationId === PLACES.STORE },
  'a location where nothing is': { query: { locationId: PLACES.BIN }, rows: () => false },
  'one variant': { query: { variantIds: [MUG.variantId] }, rows: row => row.variantId === MUG.variantId },
  'several variants, in any order': {
    query: { variantIds: [PLATE.variantId, commandId(1), MUG.variantId] },
    rows: row => row.variantId !== LARGE_MUG.variantId,
  },
  'no variant': { query: { variantIds: [] }, rows: () => false },
  product: { query: { productIds: [MUG.productId] }, rows: row => row.productId === MUG.productId },
  'no product': { query: { productIds: [] }, rows: () => false },
  'balances other than 0': { query: { nonZero: true }, rows: row => row.onHand !== 0 },
  'all at once': {
    query: {
      locationId: PLACES.STORE,
      variantIds: [LARGE_MUG.variantId, PLATE.variantId],
      productIds: [MUG.productId],
      nonZero: true,
    },
    rows: () => false,
  },
  'all that let one through': {
    query: { locationId: PLACES.STORE, variantIds: [MUG.variantId], productIds: [MUG.productId], nonZero: true },
    rows: row => row.variantId === MUG.variantId && row.locationId === PLACES.STORE,
  },
};

/** Eight balances, of which LARGE_MUG has none left anywhere. */
async function stock(store: LedgerStore): Promise<void> {
  await committed(store, foundingOf());
  const brought = [
    moving(PLATE, 'SUPPLIER', 'STORE', 5),
    moving(LARGE_MUG, 'SUPPLIER', 'STORE', 4),
    moving(MUG, 'SUPPLIER', 'STORE', 4),
  ];
  await committed(store, commitOf([{ commandId: commandId(2), lines: brought }]));
  await committed(store, commitOf([{ commandId: commandId(3), lines: [moving(LARGE_MUG, 'STORE', 'SUPPLIER', 4)] }]));
  const sold = [moving(MUG, 'STORE', 'SOLD', 1), moving(PLATE, 'STORE', 'SOLD', 1)];
  await committed(store, commitOf([{ commandId: commandId(4), lines: sold }]));
}

async function pagesOf(store: LedgerStore, query: Partial<BalanceQuery>): Promise<readonly (readonly Balance[])[]> {
  const pages: (readonly Balance[])[] = [];
  let cursor = query.cursor;
  do {
    const page = await answerOf(store.balances({ organizationId: SHOP, limit: 10, ...query, cursor }));
    pages.push(page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return pages;
}

/** A variant that sorts before all others. */
function variantBefore(): typeof MUG {
  return { productId: MUG.productId, variantId: '00000000-0000-4000-8000-000000000001' as typeof SHOP };
}
