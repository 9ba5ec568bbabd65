import {
  type Balance,
  type BalanceQuery,
  type Commit,
  type Committed,
  type JournalQuery,
  type LedgerStore,
  type Loaded,
  type OrganizationId,
  type Page,
  type PostingQuery,
  type SliceKeys,
  type StoredPosting,
  type StoredRecord,
  type StoreFault,
  storeFault,
} from '@stockfold/core';
import { errAsync, okAsync, type ResultAsync } from 'neverthrow';
import { applyCommit } from './apply-commit.ts';
import { type Books, emptyBooks } from './books.ts';
import { readBalances, readJournal, readPostings, readSlice } from './read.ts';
import { readLowStock, readNotes, readTrackedProducts } from './read-settings.ts';

/**
 * The ledger in this process's memory: the reference store, and the one for tests and simulation.
 *
 * Nothing outlives the process, and receipts say so: `durability: 'memory'`. A commit is one synchronous step, so it
 * is atomic by itself.
 */
export function createMemoryStore(): LedgerStore {
  const organizations = new Map<OrganizationId, Books>();
  let closed = false;

  const read = <T>(organizationId: OrganizationId, look: (books: Books) => T): ResultAsync<T, StoreFault> =>
    closed ? closedFault() : okAsync(look(organizations.get(organizationId) ?? emptyBooks()));

  return {
    durability: 'memory',
    load: (organizationId, keys: SliceKeys, commandIds) =>
      read<Loaded>(organizationId, books => readSlice(books, keys, commandIds)),
    commit: (commit: Commit): ResultAsync<Committed, StoreFault> => {
      if (closed) return closedFault();
      if (holdsAnIdTwice(commit))
        return errAsync(storeFault('StoreFailed', 'a commit holds one record per command id'));
      const books = organizations.get(commit.organizationId) ?? emptyBooks();
      const answer = applyCommit(books, commit);
      if (answer.kind === 'committed') organizations.set(commit.organizationId, books);
      return okAsync(answer);
    },
    balances: (query: BalanceQuery) => read<Page<Balance>>(query.organizationId, books => readBalances(books, query)),
    journal: (query: JournalQuery) =>
      read<Page<StoredRecord>>(query.organizationId, books => readJournal(books, query)),
    trackedProducts: query => read(query.organizationId, books => readTrackedProducts(books, query)),
    lowStock: query => read(query.organizationId, books => readLowStock(books, query)),
    notes: query => read(query.organizationId, books => readNotes(books, query)),
    locations: organizationId =>
      read(organizationId, books => Array.from(books.locations.values(), location => ({ ...location }))),
    postings: (query: PostingQuery) =>
      read<Page<StoredPosting>>(query.organizationId, books => readPostings(books, query)),
    close: () => {
      closed = true;
      organizations.clear();
      return okAsync(undefined);
    },
  };
}

function holdsAnIdTwice({ records }: Commit): boolean {
  return records.length > 1 && new Set(records.map(record => record.commandId)).size < records.length;
}

function closedFault(): ResultAsync<never, StoreFault> {
  return errAsync(storeFault('StoreClosed', 'the store was closed'));
}
