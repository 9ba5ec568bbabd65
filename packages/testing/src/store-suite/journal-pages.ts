import type { JournalRecord, LedgerEvent } from '@stockfold/core';
import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { committed, openShop } from './read-store.ts';
import { commandId, MUG, moving, SHOP } from './shop.ts';
import type { Suite } from './suite.ts';

const SALE = [moving(MUG, 'STORE', 'SOLD', 1)];

const FURTHER: readonly LedgerEvent[] = [
  { kind: 'FloorsOverridden', reason: 'Grüße 👋' },
  {
    kind: 'Attributed',
    provenance: { source: 'till', externalId: '№ 1', reason: '', causedBy: commandId(2), occurredAt: -8.64e15 },
  },
];
const NO_KEYS = { balances: [], locations: [], products: [], variants: [] };

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

    it('gives a record back as it was written, and so does a look for its command', async ({ store }) => {
      await openShop(store, 9);
      const commit = commitOf([{ commandId: commandId(3), lines: SALE }]);
      const [record] = commit.records as [JournalRecord];
      const written = { ...record, externalUuid: commandId(8), events: [...record.events, ...FURTHER] };
      await committed(store, { ...commit, records: [written] });
      const { items } = await answerOf(store.journal({ organizationId: SHOP, after: 2, limit: 10 }));
      const [found] = (await answerOf(store.load(SHOP, NO_KEYS, [commandId(3)]))).known;
      assertEqual(items, [{ ...written, sequence: 3, recordedAt: 2_000 }], 'the journal');
      assertEqual(found, items[0], 'what was looked for');
    });

    it('of an organization that never was is an empty page', async ({ store }) => {
      const page = await answerOf(store.journal({ organizationId: SHOP, after: 0, limit: 10 }));
      assertEqual(page, { items: [], next: null, asOf: 0 }, 'the page');
    });
  });
}
