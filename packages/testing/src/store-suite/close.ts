import type { LedgerStore, StoreFault } from '@stockfold/core';
import type { ResultAsync } from 'neverthrow';
import { answerOf, assertEqual, assertTrue, faultOf } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { openShop } from './read-store.ts';
import { commandId, foundingOf, keyOf, MUG, moving, SHOP } from './shop.ts';
import type { Suite } from './suite.ts';

const CALLS: Readonly<Record<string, (store: LedgerStore) => ResultAsync<unknown, StoreFault>>> = {
  load: store => store.load(SHOP, { balances: [], locations: [], products: [], variants: [] }, []),
  commit: store => store.commit(foundingOf()),
  balances: store => store.balances({ organizationId: SHOP, limit: 1 }),
  journal: store => store.journal({ organizationId: SHOP, after: 0, limit: 1 }),
  trackedProducts: store => store.trackedProducts({ organizationId: SHOP, limit: 1 }),
  lowStock: store => store.lowStock({ organizationId: SHOP, limit: 1 }),
  notes: store => store.notes({ organizationId: SHOP, kind: 'hold', limit: 1 }),
  locations: store => store.locations(SHOP),
  // A store that does not have one of these has one call less.
  postings: store =>
    (store.postings ?? store.journal)({ organizationId: SHOP, ...keyOf(MUG, 'STORE'), after: 0, limit: 1 }),
  histories: store =>
    store.histories?.({ organizationId: SHOP, upTo: 1, limit: 1 }) ??
    store.journal({ organizationId: SHOP, after: 0, limit: 1 }),
  foundAgain: store => store.foundAgain?.({ organizationId: SHOP, after: 0, upTo: 1 }) ?? store.locations(SHOP),
};

/** What `close` promises: it is the end, and saying so twice is no error. */
export function describeClose({ describe, it }: Suite): void {
  describe('close', () => {
    for (const [name, call] of Object.entries(CALLS)) {
      it(`refuses ${name} after it`, async ({ store }) => {
        await openShop(store, 3);
        await answerOf(store.close());
        assertEqual(await faultOf(call(store)), 'StoreClosed', 'the fault');
      });
      it(`refuses ${name} on a store that was closed before it was used`, async ({ store }) => {
        await answerOf(store.close());
        assertEqual(await faultOf(call(store)), 'StoreClosed', 'the fault');
      });
    }

    it('may be called twice, and at once', async ({ store }) => {
      await openShop(store, 3);
      await Promise.all([answerOf(store.close()), answerOf(store.close())]);
      await answerOf(store.close());
    });

    it('answers every call under way', async ({ store }) => {
      await openShop(store, 3);
      const sale = store.commit(commitOf([{ commandId: commandId(3), lines: [moving(MUG, 'STORE', 'SOLD', 1)] }]));
      const read = store.journal({ organizationId: SHOP, after: 0, limit: 1 });
      await answerOf(store.close());
      for (const answer of [await sale, await read])
        assertTrue(
          answer.isOk() || answer.error.kind === 'StoreClosed',
          'a call under way got neither an answer nor StoreClosed',
        );
    });
  });
}
