import {
  createLedger,
  type History,
  type HistoryPage,
  type LedgerStore,
  restock,
  sale,
  startTracking,
  storeFault,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync, okAsync } from 'neverthrow';
import { expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };

/** What `verify` finds on a store with one mug whose histories come in pages of one posting each, some of them changed. */
async function found(change: (history: History, page: number) => History) {
  const store = createMemoryStore();
  const ledger = createLedger({ store });
  const tracking = [startTracking(MUG.productId)];
  for (const lines of [[restock('STORE', MUG, 5)], [sale('STORE', MUG, 2)], [restock('STORE', MUG, 1)]])
    (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines }))._unsafeUnwrap();
  const pages = (await historiesOf(store)).map(change);
  const histories = ({ cursor = '0' }: { cursor?: string | undefined }) => {
    const next = Number(cursor) + 1;
    const page: HistoryPage = {
      items: pages.slice(next - 1, next),
      next: next < pages.length ? String(next) : null,
    };
    return okAsync(page);
  };
  return (await createLedger({ store: { ...store, histories } }).verify())._unsafeUnwrap().breaches;
}

/** One balance after the other, one posting after the other, each with what it moved. */
async function historiesOf(store: LedgerStore): Promise<readonly History[]> {
  const organizationId = createLedger({ store }).organizationId;
  const { items } = (await store.balances({ organizationId, limit: 9 }))._unsafeUnwrap();
  const histories: History[] = [];
  for (const { variantId, locationId } of items) {
    const query = { organizationId, variantId, locationId, after: 0, limit: 9 };
    let before = 0;
    for (const { sequence, onHand } of (await store.postings?.(query))?._unsafeUnwrap().items ?? []) {
      histories.push({ variantId, locationId, sequences: [sequence], onHand: [onHand], deltas: [onHand - before] });
      before = onHand;
    }
  }
  return histories;
}

it('verify finds nothing in histories whose deltas follow from page to page', async () => {
  expect(await found(history => history)).toEqual([]);
});

it('verify finds nothing in histories of a store that keeps no deltas', async () => {
  expect(await found(history => ({ ...history, deltas: undefined }))).toEqual([]);
});

it('verify finds the first wrong delta of a balance, behind the end of a page too', async () => {
  // The store: 5 and 3 after the first two records, then 4.
  const breaches = await found((history, page) => (page === 1 || page === 2 ? { ...history, deltas: [9] } : history));
  expect(breaches).toMatchObject([
    { invariant: 'asOfAgrees', what: 'delta', variantId: MUG.variantId, sequence: 2, folded: -2, stored: 9 },
  ]);
});

it('verify reads the postings of a balance whose history differs once more, and says nothing where those are right', async () => {
  expect(await found((history, page) => (page === 1 ? { ...history, onHand: [7] } : history))).toEqual([]);
});

it('verify gives the fault with which a history cannot be read', async () => {
  const fault = storeFault('StoreUnavailable', 'gone');
  const store = { ...createMemoryStore(), histories: () => errAsync(fault) };
  expect((await createLedger({ store }).verify())._unsafeUnwrapErr()).toEqual(fault);
});
