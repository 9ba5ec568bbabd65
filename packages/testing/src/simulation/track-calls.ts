import type { LedgerStore } from '@stockfold/core';
import type { ResultAsync } from 'neverthrow';
import { withPostings } from './with-postings.ts';

/**
 * A store that knows whether calls of it are under way. A scheduler waits for those that do real work, over a network
 * or on a disk, so that the virtual clock does not run past them, and the same world is the same run.
 */
export function trackCalls(store: LedgerStore): Readonly<{ store: LedgerStore; isBusy: () => boolean }> {
  let underWay = 0;
  const tracked = <T, E>(call: ResultAsync<T, E>): ResultAsync<T, E> => {
    underWay += 1;
    const ended = () => {
      underWay -= 1;
    };
    call.then(ended, ended);
    return call;
  };
  return {
    isBusy: () => underWay > 0,
    store: {
      durability: store.durability,
      load: (organizationId, keys, commandIds) => tracked(store.load(organizationId, keys, commandIds)),
      commit: commit => tracked(store.commit(commit)),
      balances: query => tracked(store.balances(query)),
      journal: query => tracked(store.journal(query)),
      trackedProducts: query => tracked(store.trackedProducts(query)),
      lowStock: query => tracked(store.lowStock(query)),
      notes: query => tracked(store.notes(query)),
      locations: organizationId => tracked(store.locations(organizationId)),
      ...withPostings(store, (postings, query) => tracked(postings(query))),
      close: () => store.close(),
    },
  };
}
