import { answerOf, assertEqual, assertTrue } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { committed, onHandOf, openShop, recordsOf, viewOf } from './read-store.ts';
import { commandId, LARGE_MUG, MUG, moving } from './shop.ts';
import type { Suite } from './suite.ts';

const SALE = [moving(MUG, 'STORE', 'SOLD', 1)];

/** What a receipt's `durability` promises: data that outlives the store, or an honest word that it does not. */
export function describeDurability({ describe, it, supports }: Suite): void {
  describe('durability', () => {
    if (!supports.durable) {
      it('is memory, and says so', async ({ store }) => assertEqual(store.durability, 'memory', 'durability'));
      it('ends with the store: a new one is empty', async ({ store, another }) => {
        await openShop(store, 3);
        await answerOf(store.close());
        assertEqual(await recordsOf(await another()), [], 'the journal of a new store');
      });
      return;
    }
    it('is more than memory', async ({ store }) => assertTrue(store.durability !== 'memory', 'durability is memory'));

    it('gives everything back after close and reopen', async ({ store, reopen }) => {
      await openShop(store, 3);
      const before = await viewOf(store);
      await answerOf(store.close());
      assertEqual(await viewOf(await reopen()), before, 'the store');
    });

    it('goes on where it was: sequence, time, ids', async ({ store, reopen }) => {
      await openShop(store, 3);
      await answerOf(store.close());
      const next = await reopen();
      assertEqual(
        (await answerOf(next.commit(commitOf([{ commandId: commandId(2), lines: SALE }])))).kind,
        'known',
        'a retry',
      );
      const lines = [...SALE, moving(LARGE_MUG, 'SUPPLIER', 'STORE', 4)];
      const answer = await committed(next, commitOf([{ commandId: commandId(3), lines }], { at: 5 }));
      assertEqual([answer.firstSequence, answer.recordedAt, answer.before], [3, 2_000, [3, 0, 0, 0]], 'the answer');
      assertEqual(
        [await onHandOf(next, MUG, 'STORE'), await onHandOf(next, LARGE_MUG, 'STORE')],
        [2, 4],
        'on the shelf',
      );
    });

    it('keeps what was refused refused', async ({ store, reopen }) => {
      await openShop(store, 3);
      await answerOf(store.commit(commitOf([{ commandId: commandId(3), lines: SALE }], { configVersion: 9 })));
      await answerOf(store.close());
      assertEqual((await recordsOf(await reopen())).length, 2, 'records');
    });

    it('gives each call of open a store of its own', async ({ store, another }) => {
      await openShop(store, 3);
      assertEqual(await recordsOf(await another()), [], 'the journal of another store');
    });
  });
}
