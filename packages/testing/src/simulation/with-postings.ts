import type { LedgerStore } from '@stockfold/core';

type Postings = Exclude<LedgerStore['postings'], undefined>;

/** The member `postings` of a store that stands around another: there only when it is there inside. */
export function withPostings(
  { postings }: LedgerStore,
  around: (postings: Postings, query: Parameters<Postings>[0]) => ReturnType<Postings>,
): Pick<LedgerStore, 'postings'> {
  return postings === undefined ? {} : { postings: query => around(postings, query) };
}
