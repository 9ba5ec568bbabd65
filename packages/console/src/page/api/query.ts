import type { Balance, BalanceQueryInput, JournalQueryInput, Location, Page, StoredRecord } from '@stockfold/core';

/** What the console asks the ledger, as `POST …/ledger/queries` takes it. */
export type Query =
  | Readonly<{ kind: 'balances'; query: BalanceQueryInput }>
  | Readonly<{ kind: 'journal'; query: JournalQueryInput }>
  | Readonly<{ kind: 'locations' }>;

/** What the ledger answers to a query. */
export type Answer<Q extends Query> = Answers[Q['kind']];

type Answers = {
  balances: Page<Balance>;
  journal: Page<StoredRecord>;
  locations: readonly Location[];
};
