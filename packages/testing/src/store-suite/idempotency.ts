import { answerOf, assertEqual, faultOf } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { committed, openShop, recordsOf, stale, viewOf } from './read-store.ts';
import { commandId, keyOf, MUG, moving, SHOP } from './shop.ts';
import type { Suite } from './suite.ts';

const SALE = [moving(MUG, 'STORE', 'SOLD', 1)];

/** What a command id promises: it is in the journal once, for good. */
export function describeIdempotency({ describe, it }: Suite): void {
  describe('idempotency', () => {
    it('answers a command that is in the journal with its record', async ({ store }) => {
      await openShop(store, 3);
      const before = await viewOf(store);
      const answer = await answerOf(store.commit(commitOf([{ commandId: commandId(2), lines: SALE }])));
      assertEqual(answer, { kind: 'known', records: [before.records[1]] }, 'the answer');
      assertEqual(await viewOf(store), before, 'the store');
    });

    it('answers with all known commands of a commit, and only those', async ({ store }) => {
      await openShop(store, 3);
      const drafts = [9, 2, 8, 1].map(number => ({ commandId: commandId(number), lines: SALE }));
      const answer = await answerOf(store.commit(commitOf(drafts)));
      const sequences = answer.kind === 'known' ? answer.records.map(record => record.sequence).sort() : [];
      assertEqual(sequences, [1, 2], 'the known records');
      assertEqual((await recordsOf(store)).length, 2, 'records in the journal');
    });

    it('looks for known commands before anything else', async ({ store }) => {
      await openShop(store, 3);
      const guards = [{ key: keyOf(MUG, 'STORE'), min: 100 }];
      const commit = commitOf([{ commandId: commandId(2), lines: SALE }], { configVersion: 0, guards });
      assertEqual((await answerOf(store.commit(commit))).kind, 'known', 'the answer');
    });

    it('refuses a commit that holds one command twice', async ({ store }) => {
      await openShop(store, 3);
      const before = await viewOf(store);
      const twice = commitOf([3, 3].map(number => ({ commandId: commandId(number), lines: SALE })));
      assertEqual(await faultOf(store.commit(twice)), 'StoreFailed', 'the fault');
      assertEqual(await viewOf(store), before, 'the store');
      await committed(store, commitOf([{ commandId: commandId(3), lines: SALE }]));
    });

    it('gives the observed commands that are in the journal with a commit', async ({ store }) => {
      await openShop(store, 3);
      const commit = commitOf([{ commandId: commandId(3), lines: SALE }], { observe: [commandId(2), commandId(77)] });
      const [, second] = await recordsOf(store);
      assertEqual((await committed(store, commit)).known, [second], 'observed and known');
    });

    it('gives them with a stale answer too', async ({ store }) => {
      await openShop(store, 3);
      const guards = [{ key: keyOf(MUG, 'STORE'), min: 4 }];
      const observe = [commandId(77), commandId(2)];
      const [, second] = await recordsOf(store);
      const answer = await stale(store, commitOf([{ commandId: commandId(3), lines: SALE }], { guards, observe }));
      assertEqual(answer.known, [second], 'observed and known');
    });

    it('only looks when a commit has nothing but observed commands and balances', async ({ store }) => {
      await openShop(store, 3);
      const before = await viewOf(store);
      const shelf = { key: keyOf(MUG, 'STORE'), productId: MUG.productId, delta: 0 };
      const answer = await committed(store, { ...commitOf([], { observe: [commandId(2)] }), balances: [shelf] });
      assertEqual([answer.before, answer.known], [[3], [before.records[1]]], 'what was seen');
      assertEqual(await viewOf(store), before, 'the store');
      const next = await answerOf(store.journal({ organizationId: SHOP, after: 0, limit: 10 }));
      assertEqual(next.asOf, 2, 'the last sequence');
    });
  });
}
