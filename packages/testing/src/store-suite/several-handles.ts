import type { LedgerStore } from '@stockfold/core';
import { answerOf, assertEqual, assertTrue, faultOf } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { assertSound, countOf, ONE_LEFT, race, saleOf } from './concurrency.ts';
import { committed, onHandOf, openShop, recordsOf, viewOf } from './read-store.ts';
import { commandId, foundingOf, LARGE_MUG, MUG, moving, PLATE, SHOP } from './shop.ts';
import type { Bench, Suite } from './suite.ts';

const SELLERS = 20;

/** What holds when the same data is open twice; or that it cannot be. */
export function describeSeveralHandles({ describe, it, supports }: Suite): void {
  describe('two stores on the same data', () => {
    if (!supports.severalHandles) {
      it('cannot be had', refusesTheSecond);
      return;
    }
    it('see what the other wrote', async ({ store, reopen }) => {
      const other = await reopen();
      await openShop(store, 5);
      assertEqual(await viewOf(other), await viewOf(store), 'the other store');
      await committed(other, commitOf([{ commandId: commandId(3), lines: [moving(PLATE, 'SUPPLIER', 'STORE', 1)] }]));
      await committed(
        store,
        commitOf([{ commandId: commandId(4), lines: [moving(LARGE_MUG, 'SUPPLIER', 'STORE', 2)] }]),
      );
      assertEqual(
        [await onHandOf(store, PLATE, 'STORE'), await onHandOf(other, LARGE_MUG, 'STORE')],
        [1, 2],
        'on the shelf',
      );
    });

    it('can be opened at the same moment', async ({ store, reopen }) => {
      const other = await reopen();
      const pages = [store, other].map(one => answerOf(one.journal({ organizationId: SHOP, after: 0, limit: 1 })));
      assertEqual(
        (await Promise.all(pages)).map(page => page.asOf),
        [0, 0],
        'both journals',
      );
    });

    it('sell what is there and not a piece more', async ({ store, reopen }) => {
      await openShop(store, 5);
      const stores = [store, await reopen()];
      const kinds = await race(stores, SELLERS, number => commitOf([saleOf(number)], { guards: ONE_LEFT }));
      assertEqual(countOf(kinds, 'committed'), 5, 'sales');
      for (const one of stores) await assertSound(one, 0);
    });

    it('record one command once, though both were sent it', async ({ store, reopen }) => {
      await openShop(store, 5);
      const stores = [store, await reopen()];
      const kinds = await race(stores, SELLERS, () => commitOf([saleOf(0)]));
      assertEqual([countOf(kinds, 'committed'), countOf(kinds, 'known')], [1, SELLERS - 1], 'recorded and known');
      assertEqual((await recordsOf(store)).length, 3, 'records');
    });

    it('let one of two founders through', async ({ store, reopen }) => {
      const stores = [store, await reopen()];
      const kinds = await race(stores, 2, number => {
        const founding = foundingOf();
        const records = founding.records.map(record => ({ ...record, commandId: commandId(200 + number) }));
        return { ...founding, records };
      });
      assertEqual([...kinds].sort(), ['committed', 'configChanged'], 'the answers');
    });

    it('are closed one by one', async ({ store, reopen }) => {
      await openShop(store, 5);
      const other = await reopen();
      await onHandOf(other, MUG, 'STORE');
      await answerOf(store.close());
      assertEqual(await onHandOf(other, MUG, 'STORE'), 5, 'what the other reads');
    });
  });
}

/** Data in memory has no second door; the second store on other data refuses to work while the first is open. */
async function refusesTheSecond({ store, reopen, reopens }: Bench): Promise<void> {
  await openShop(store, 5);
  if (!reopens) return assertEqual(store.durability, 'memory', 'durability of a store that gives no reopen');
  const second: LedgerStore = await reopen();
  const fault = await faultOf(second.journal({ organizationId: SHOP, after: 0, limit: 1 }));
  assertTrue(fault === 'StoreBusy' || fault === 'StoreUnavailable', `a second store answered ${fault}`);
}
