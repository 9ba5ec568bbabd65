import type { Commit } from '@stockfold/core';
import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { balancesOf, committed, onHandOf, openShop, recordsOf, viewOf } from './read-store.ts';
import { commandId, foundingOf, keyOf, LARGE_MUG, MUG, moving, PLATE } from './shop.ts';
import type { Suite } from './suite.ts';

/** What `commit` promises: all of it or nothing. */
export function describeAtomicity({ describe, it }: Suite): void {
  describe('commit', () => {
    it('answers with the sequence, the time, and the balances as they were', async ({ store }) => {
      await openShop(store, 3);
      const lines = [moving(MUG, 'STORE', 'SOLD', 1), moving(PLATE, 'SUPPLIER', 'STORE', 5)];
      const answer = await committed(store, commitOf([{ commandId: commandId(3), lines }], { at: 7_000 }));
      const expected = { kind: 'committed', firstSequence: 3, recordedAt: 7_000, before: [3, 0, 0, 0], known: [] };
      assertEqual(answer, expected, 'the answer');
    });

    it('adds to the balances that are there', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, commitOf([{ commandId: commandId(3), lines: [moving(MUG, 'SUPPLIER', 'STORE', 4)] }]));
      assertEqual(await onHandOf(store, MUG, 'STORE'), 7, 'on the shelf');
      assertEqual(await onHandOf(store, MUG, 'SUPPLIER'), -7, 'at the supplier');
    });

    it('keeps a record as it was given', async ({ store }) => {
      await committed(store, foundingOf());
      const commit = commitOf([{ commandId: commandId(2), lines: [moving(MUG, 'SUPPLIER', 'STORE', 1)] }]);
      const records = commit.records.map(record => ({ ...record, externalUuid: commandId(77) }));
      await committed(store, { ...commit, records });
      const [first, second] = await recordsOf(store);
      assertEqual(first, { ...foundingOf().records[0], sequence: 1, recordedAt: 1_000 }, 'the first record');
      assertEqual(second, { ...records[0], sequence: 2, recordedAt: 2_000 }, 'the second record');
    });

    it('gives records that a caller cannot change in the journal', async ({ store }) => {
      await openShop(store, 3);
      for (const record of await recordsOf(store)) (record.events as unknown[]).length = 0;
      assertEqual(
        (await recordsOf(store)).map(record => record.events.length),
        [6, 1],
        'events in the journal',
      );
    });

    it('keeps a balance of 0, since its stock has moved', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, commitOf([{ commandId: commandId(3), lines: [moving(MUG, 'STORE', 'SUPPLIER', 3)] }]));
      assertEqual(
        (await balancesOf(store)).map(balance => balance.onHand),
        [0, 0],
        'both balances',
      );
    });

    it('takes several records in one commit, some of which undo others', async ({ store }) => {
      await committed(store, foundingOf());
      const there = { commandId: commandId(2), lines: [moving(MUG, 'SUPPLIER', 'STORE', 5)] };
      const back = { commandId: commandId(3), lines: [moving(MUG, 'STORE', 'SUPPLIER', 5)] };
      assertEqual((await committed(store, commitOf([there, back]))).before, [0, 0], 'before');
      assertEqual(
        (await balancesOf(store)).map(balance => balance.onHand),
        [0, 0],
        'both balances',
      );
      assertEqual(
        (await balancesOf(store, { asOf: 2 })).map(balance => balance.onHand),
        [5, -5],
        'in between',
      );
    });

    for (const [why, spoil] of Object.entries(SPOILED))
      it(`applies nothing at all of a commit that ${why}`, async ({ store }) => {
        await openShop(store, 3);
        const before = await viewOf(store);
        const answer = await answerOf(store.commit(spoil(largeCommit())));
        assertEqual(answer.kind, ANSWERS[why], 'the answer');
        assertEqual(await viewOf(store), before, 'the store');
      });

    it('takes a variant as new after a commit that would have brought it was refused', async ({ store }) => {
      await openShop(store, 3);
      await answerOf(store.commit(SPOILED['breaks its last guard']?.(largeCommit()) ?? largeCommit()));
      const swapped = { variantId: LARGE_MUG.variantId, productId: PLATE.productId };
      await committed(store, commitOf([{ commandId: commandId(9), lines: [moving(swapped, 'SUPPLIER', 'STORE', 2)] }]));
      await committed(store, commitOf([{ commandId: commandId(10), lines: [moving(PLATE, 'SUPPLIER', 'STORE', 8)] }]));
      assertEqual(await onHandOf(store, swapped, 'STORE'), 2, 'the variant of the other product');
      assertEqual(await onHandOf(store, PLATE, 'STORE'), 8, 'the next new variant');
    });
  });
}

/** Two records, two new variants, new configuration: all that one commit can hold. */
function largeCommit(): Commit {
  const brought = {
    commandId: commandId(3),
    lines: [moving(LARGE_MUG, 'SUPPLIER', 'STORE', 5), moving(PLATE, 'SUPPLIER', 'STORE', 5)],
  };
  const sold = { commandId: commandId(4), lines: [moving(MUG, 'STORE', 'SOLD', 1)] };
  const location = { id: commandId(50), type: 'STORE', name: 'Branch', system: false } as const;
  const config = [
    { kind: 'Location', location },
    { kind: 'Policy', policy: { floors: { STORE: 0 } } },
    { kind: 'Tracking', productId: PLATE.productId, tracked: false },
  ] as const;
  return commitOf([brought, sold], { config, guards: [{ key: keyOf(MUG, 'SOLD'), min: 0 }] });
}

const SPOILED: Readonly<Record<string, (commit: Commit) => Commit>> = {
  'breaks its last guard': commit => ({
    ...commit,
    balances: commit.balances.map(change => (change.min === undefined ? change : { ...change, min: 1 })),
  }),
  'repeats a command': commit => ({
    ...commit,
    records: commit.records.map((record, index) => (index === 1 ? { ...record, commandId: commandId(2) } : record)),
  }),
  'was decided on another configuration': commit => ({ ...commit, configVersion: 2 }),
};

const ANSWERS: Readonly<Record<string, string>> = {
  'breaks its last guard': 'stale',
  'repeats a command': 'known',
  'was decided on another configuration': 'configChanged',
};
