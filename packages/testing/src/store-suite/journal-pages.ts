import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { committed, openShop } from './read-store.ts';
import { commandId, MUG, moving, SHOP } from './shop.ts';
import type { Suite } from './suite.ts';

const SALE = [moving(MUG, 'STORE', 'SOLD', 1)];

const CASES = [
  { after: 0, limit: 10, sequences: [1, 2, 3, 4, 5], next: null },
  { after: 0, limit: 5, sequences: [1, 2, 3, 4, 5], next: null },
  { after: 0, limit: 2, sequences: [1, 2], next: '2' },
  { after: 2, limit: 2, sequences: [3, 4], next: '4' },
  { after: 4, limit: 2, sequences: [5], next: null },
  { after: 5, limit: 2, sequences: [], next: null },
  { after: 99, limit: 2, sequences: [], next: null },
];

/** What pages of the journal promise: the records after a sequence, in order. */
export function describeJournalPages({ describe, it }: Suite): void {
  describe('journal', () => {
    for (const { after, limit, sequences, next } of CASES)
      it(`of 5 records, ${limit} after ${after}, gives ${sequences.length}`, async ({ store }) => {
        await openShop(store, 9);
        const rest = [3, 4, 5].map(number => ({ commandId: commandId(number), lines: SALE }));
        await committed(store, commitOf(rest));
        const page = await answerOf(store.journal({ organizationId: SHOP, after, limit }));
        assertEqual(
          page.items.map(record => record.sequence),
          sequences,
          'sequences',
        );
        assertEqual([page.next, page.asOf], [next, 5], 'next and asOf');
      });

    it('of an organization that never was is an empty page', async ({ store }) => {
      const page = await answerOf(store.journal({ organizationId: SHOP, after: 0, limit: 10 }));
      assertEqual(page, { items: [], next: null, asOf: 0 }, 'the page');
    });
  });
}
