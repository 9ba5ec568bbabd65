import type { LedgerStore } from '@stockfold/core';
import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { committed, onHandOf, openShop, stale, viewOf } from './read-store.ts';
import { commandId, keyOf, MUG, moving, PLATE } from './shop.ts';
import type { Suite } from './suite.ts';

/** What `min` and `max` promise: they hold for the balance before the commit, or nothing is applied. */
export function describeGuards({ describe, it }: Suite): void {
  describe('guards', () => {
    const cases = [
      { guard: { min: 3 }, holds: true },
      { guard: { min: 4 }, holds: false },
      { guard: { max: 3 }, holds: true },
      { guard: { max: 2 }, holds: false },
      { guard: { min: 3, max: 3 }, holds: true },
      { guard: { min: 2, max: 2 }, holds: false },
      { guard: { min: -5, max: 5 }, holds: true },
    ];
    for (const { guard, holds } of cases)
      it(`${holds ? 'lets 3 mugs pass' : 'stops 3 mugs at'} ${JSON.stringify(guard)}`, async ({ store }) => {
        await openShop(store, 3);
        assertEqual(await sellOne(store, guard), holds ? 'committed' : 'stale', 'the answer');
        assertEqual(await onHandOf(store, MUG, 'STORE'), holds ? 2 : 3, 'on the shelf');
      });

    it('speak of the balance before the commit, not after it', async ({ store }) => {
      await openShop(store, 3);
      const lines = [moving(MUG, 'SUPPLIER', 'STORE', 10)];
      const guards = [{ key: keyOf(MUG, 'STORE'), min: 4 }];
      await stale(store, commitOf([{ commandId: commandId(3), lines }], { guards }));
      const atMost = [{ key: keyOf(MUG, 'STORE'), max: 3 }];
      await committed(store, commitOf([{ commandId: commandId(4), lines }], { guards: atMost }));
    });

    it('take stock that never moved as 0', async ({ store }) => {
      await openShop(store, 3);
      const lines = [moving(PLATE, 'STORE', 'SOLD', 1)];
      const guard = (min: number) => ({ guards: [{ key: keyOf(PLATE, 'STORE'), min }] });
      assertEqual(
        (await stale(store, commitOf([{ commandId: commandId(3), lines }], guard(1)))).before,
        [0, 0],
        'before',
      );
      await committed(store, commitOf([{ commandId: commandId(3), lines }], guard(0)));
    });

    it('only observe a balance whose delta is 0', async ({ store }) => {
      await openShop(store, 3);
      const seen = (min: number) => ({ key: keyOf(MUG, 'STORE'), productId: MUG.productId, delta: 0, min });
      const commit = commitOf([{ commandId: commandId(3), lines: [moving(PLATE, 'SUPPLIER', 'STORE', 1)] }]);
      await stale(store, { ...commit, balances: [...commit.balances, seen(4)] });
      const answer = await committed(store, { ...commit, balances: [...commit.balances, seen(3)] });
      assertEqual(answer.before, [0, 0, 3], 'before');
      assertEqual(await onHandOf(store, MUG, 'STORE'), 3, 'on the shelf');
    });

    it('give back every balance when one is stale, those that hold too', async ({ store }) => {
      await openShop(store, 3);
      const lines = [moving(PLATE, 'SUPPLIER', 'STORE', 2), moving(MUG, 'STORE', 'SOLD', 1)];
      const guards = [{ key: keyOf(PLATE, 'SUPPLIER'), min: 1 }];
      const before = await viewOf(store);
      assertEqual(
        (await stale(store, commitOf([{ commandId: commandId(3), lines }], { guards }))).before,
        [0, 0, 3, 0],
        'before',
      );
      assertEqual(await viewOf(store), before, 'the store');
    });
  });
}

async function sellOne(store: LedgerStore, limits: Readonly<{ min?: number; max?: number }>): Promise<string> {
  const guards = [{ key: keyOf(MUG, 'STORE'), ...limits }];
  const sale = { commandId: commandId(3), lines: [moving(MUG, 'STORE', 'SOLD', 1)] };
  return (await answerOf(store.commit(commitOf([sale], { guards })))).kind;
}
