import { assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { committed, onHandOf, openShop, stale, viewOf } from './read-store.ts';
import { commandId, MUG, moving } from './shop.ts';
import type { Suite } from './suite.ts';

const MOST = Number.MAX_SAFE_INTEGER;

/** What becomes of balances at the edge of the safe integers: exact up to it, and never over it. */
export function describeBounds({ describe, it }: Suite): void {
  describe('bounds', () => {
    it('count exactly up to the largest safe integer and down to the smallest', async ({ store }) => {
      await openShop(store, MOST);
      assertEqual(await onHandOf(store, MUG, 'STORE'), MOST, 'on the shelf');
      assertEqual(await onHandOf(store, MUG, 'SUPPLIER'), -MOST, 'at the supplier');
      await committed(store, commitOf([{ commandId: commandId(3), lines: [moving(MUG, 'STORE', 'SOLD', 1)] }]));
      assertEqual(await onHandOf(store, MUG, 'STORE'), MOST - 1, 'on the shelf after a sale');
    });

    it('answer stale, with nothing applied, to one piece more', async ({ store }) => {
      await openShop(store, MOST);
      const before = await viewOf(store);
      const over = { commandId: commandId(3), lines: [moving(MUG, 'BIN', 'STORE', 1)] };
      assertEqual((await stale(store, commitOf([over]))).before, [0, MOST], 'before');
      const under = { commandId: commandId(4), lines: [moving(MUG, 'SUPPLIER', 'BIN', 1)] };
      assertEqual((await stale(store, commitOf([under]))).before, [-MOST, 0], 'before');
      assertEqual(await viewOf(store), before, 'the store');
    });

    it('answer stale when only a record in the middle of a commit goes over', async ({ store }) => {
      await openShop(store, MOST);
      const before = await viewOf(store);
      const over = { commandId: commandId(3), lines: [moving(MUG, 'BIN', 'STORE', 1)] };
      const back = { commandId: commandId(4), lines: [moving(MUG, 'STORE', 'SOLD', 2)] };
      assertEqual((await stale(store, commitOf([over, back]))).before, [0, MOST, 0], 'before');
      assertEqual(await viewOf(store), before, 'the store');
    });
  });
}
