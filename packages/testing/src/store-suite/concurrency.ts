import { type Commit, type Committed, type LedgerStore, matchesJournal, sequenceIsDense } from '@stockfold/core';
import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { balancesOf, onHandOf, openShop, recordsOf } from './read-store.ts';
import { commandId, keyOf, MUG, moving, PLATE } from './shop.ts';
import type { Suite } from './suite.ts';

const SELLERS = 20;

/** What holds when several commits are under way at once. */
export function describeConcurrency({ describe, it }: Suite): void {
  describe('several commits at once', () => {
    it('sell what is there and not a piece more', async ({ store }) => {
      await openShop(store, 5);
      const kinds = await race([store], SELLERS, number => commitOf([saleOf(number)], { guards: ONE_LEFT }));
      assertEqual(countOf(kinds, 'committed'), 5, 'sales');
      assertEqual(countOf(kinds, 'stale'), SELLERS - 5, 'stale answers');
      await assertSound(store, 0);
    });

    it('all get through when no guard restricts them', async ({ store }) => {
      await openShop(store, 5);
      const kinds = await race([store], SELLERS, number => commitOf([saleOf(number)]));
      assertEqual(countOf(kinds, 'committed'), SELLERS, 'sales');
      await assertSound(store, 5 - SELLERS);
    });

    it('record one command once, though it was sent many times', async ({ store }) => {
      await openShop(store, 5);
      const kinds = await race([store], SELLERS, () => commitOf([saleOf(0)]));
      assertEqual([countOf(kinds, 'committed'), countOf(kinds, 'known')], [1, SELLERS - 1], 'recorded and known');
      await assertSound(store, 4);
    });

    it('let one change of the configuration through', async ({ store }) => {
      await openShop(store, 5);
      const config = [{ kind: 'Tracking', productId: PLATE.productId, tracked: false } as const];
      const kinds = await race([store], SELLERS, number => commitOf([saleOf(number)], { config }));
      assertEqual([countOf(kinds, 'committed'), countOf(kinds, 'configChanged')], [1, SELLERS - 1], 'the answers');
    });

    it('keep reads whole: no page is of two moments', async ({ store }) => {
      await openShop(store, 5);
      const sales = race([store], SELLERS, number => commitOf([saleOf(number)]));
      const pages = await Promise.all(Array.from({ length: SELLERS }, () => balancesOf(store)));
      await sales;
      for (const rows of pages)
        assertEqual(
          rows.reduce((sum, row) => sum + row.onHand, 0),
          0,
          'the sum of a page',
        );
    });
  });
}

/** The shelf must hold one piece. */
export const ONE_LEFT: readonly { key: ReturnType<typeof keyOf>; min: number }[] = [
  { key: keyOf(MUG, 'STORE'), min: 1 },
];

/** The sale of one mug by the n-th seller. */
export function saleOf(number: number): {
  commandId: ReturnType<typeof commandId>;
  lines: ReturnType<typeof moving>[];
} {
  return { commandId: commandId(100 + number), lines: [moving(MUG, 'STORE', 'SOLD', 1)] };
}

/** Sends all commits at once, to the stores in turn, and gives what became of each. */
export async function race(
  stores: readonly LedgerStore[],
  count: number,
  commit: (number: number) => Commit,
): Promise<readonly Committed['kind'][]> {
  const answers = Array.from({ length: count }, (_, number) => {
    const store = stores[number % stores.length] as LedgerStore;
    return answerOf(store.commit(commit(number)));
  });
  return (await Promise.all(answers)).map(answer => answer.kind);
}

/** How many answers are of a kind. */
export function countOf(kinds: readonly string[], kind: Committed['kind']): number {
  return kinds.filter(other => other === kind).length;
}

/** The journal is dense and gives the balances, and so many mugs are on the shelf. */
export async function assertSound(store: LedgerStore, mugs: number): Promise<void> {
  const records = await recordsOf(store);
  assertEqual(sequenceIsDense(records), [], 'breaches of the sequence');
  assertEqual(matchesJournal(records, await balancesOf(store)), [], 'breaches of the balances');
  assertEqual(await onHandOf(store, MUG, 'STORE'), mugs, 'on the shelf');
}
