import { sequenceIsDense } from '@stockfold/core';
import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { committed, openShop, recordsOf, stale } from './read-store.ts';
import { commandId, keyOf, MUG, moving, SHOP } from './shop.ts';
import type { Suite } from './suite.ts';

const SALE = [moving(MUG, 'STORE', 'SOLD', 1)];

/** What a sequence promises: 1, 2, 3 … in the order of the commits, and time never goes back. */
export function describeSequences({ describe, it }: Suite): void {
  describe('sequences', () => {
    it('count the records of a commit one by one, in their order', async ({ store }) => {
      await openShop(store, 9);
      const several = commitOf(
        [5, 4, 3].map(number => ({ commandId: commandId(number), lines: SALE })),
        { at: 3_000 },
      );
      assertEqual((await committed(store, several)).firstSequence, 3, 'the first sequence of three');
      assertEqual(
        (await committed(store, commitOf([{ commandId: commandId(6), lines: SALE }]))).firstSequence,
        6,
        'the next',
      );
      const records = await recordsOf(store);
      assertEqual(
        records.map(record => record.commandId),
        [1, 2, 5, 4, 3, 6].map(commandId),
        'the order',
      );
      assertEqual(sequenceIsDense(records), [], 'breaches');
    });

    it('leave no gap where a commit was refused', async ({ store }) => {
      await openShop(store, 9);
      await stale(
        store,
        commitOf([{ commandId: commandId(3), lines: SALE }], { guards: [{ key: keyOf(MUG, 'STORE'), min: 10 }] }),
      );
      await answerOf(store.commit(commitOf([{ commandId: commandId(3), lines: SALE }], { configVersion: 9 })));
      await answerOf(store.commit(commitOf([{ commandId: commandId(2), lines: SALE }])));
      assertEqual(
        (await committed(store, commitOf([{ commandId: commandId(3), lines: SALE }]))).firstSequence,
        3,
        'the next',
      );
      const page = await answerOf(store.journal({ organizationId: SHOP, after: 0, limit: 10 }));
      assertEqual([page.items.length, page.asOf], [3, 3], 'records and the last sequence');
    });

    it('never let time go back, when a clock does', async ({ store }) => {
      await openShop(store, 9);
      const at = [5_000, 4_000, 5_001];
      for (const [index, time] of at.entries())
        await committed(store, commitOf([{ commandId: commandId(3 + index), lines: SALE }], { at: time }));
      assertEqual(
        (await recordsOf(store)).map(record => record.recordedAt),
        [1_000, 2_000, 5_000, 5_000, 5_001],
        'the times',
      );
    });

    it('give the time of the journal in the answer', async ({ store }) => {
      await openShop(store, 9);
      const late = await committed(store, commitOf([{ commandId: commandId(3), lines: SALE }], { at: 1 }));
      assertEqual(late.recordedAt, 2_000, 'recordedAt of a clock that stood behind');
    });
  });
}
