import type { CommandInput, Ledger, LedgerError } from '@stockfold/core';
import { ResultAsync } from 'neverthrow';
import * as v from 'valibot';
import { readJournal } from '../read-journal.ts';
import { toWirePreview } from './preview.ts';

/** What a client may ask a ledger. The ledger itself reads the fields of `query`, and names the one that is wrong. */
export type LedgerQuery =
  | Readonly<{
      kind:
        | 'preview'
        | 'balances'
        | 'balanceAt'
        | 'journal'
        | 'trackedProducts'
        | 'lowStock'
        | 'notes'
        | 'postings'
        | 'records';
      query: Readonly<Record<string, unknown>>;
    }>
  | Readonly<{ kind: 'locations' | 'policy' }>;

// `v.record` takes a list for an object.
const fields = v.pipe(
  v.custom<Record<string, unknown>>(input => typeof input === 'object' && !Array.isArray(input), 'INVALID_TYPE'),
  v.record(v.string(), v.unknown(), 'INVALID_TYPE'),
);

/** `POST …/ledger/queries` */
export const ledgerQuery: v.GenericSchema<unknown, LedgerQuery> = v.variant(
  'kind',
  [
    v.object({
      kind: v.picklist([
        'preview',
        'balances',
        'balanceAt',
        'journal',
        'trackedProducts',
        'lowStock',
        'notes',
        'postings',
        'records',
      ]),
      query: fields,
    }),
    v.object({ kind: v.picklist(['locations', 'policy']) }),
  ],
  'INVALID_ENUM',
);

/** Asks a ledger what a client wants to know. */
export function askLedger(ledger: Ledger, asked: LedgerQuery): ResultAsync<unknown, LedgerError> {
  switch (asked.kind) {
    case 'preview':
      return ledger.preview(asked.query as CommandInput).map(toWirePreview);
    case 'balances':
      return ledger.balances(asked.query);
    case 'balanceAt':
      return ledger.balanceAt(asked.query as Parameters<Ledger['balanceAt']>[0]);
    case 'journal':
      return new ResultAsync(readJournal(ledger, asked.query));
    case 'trackedProducts':
      return ledger.trackedProducts(asked.query);
    case 'lowStock':
      return ledger.lowStock(asked.query);
    case 'notes':
      return ledger.notes(asked.query as Parameters<Ledger['notes']>[0]);
    case 'postings':
      return ledger.postings(asked.query as Parameters<Ledger['postings']>[0]);
    case 'records':
      return ledger.records(asked.query as Parameters<Ledger['records']>[0]);
    case 'locations':
      return ledger.locations();
    case 'policy':
      return ledger.policy();
  }
}
