import type { Commit, LedgerStore, OrganizationId, StoreFault } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { ResultAsync } from 'neverthrow';

/** Breaks one thing about a store. */
export type Mutant = (inner: LedgerStore) => LedgerStore;

/** A fresh store with one thing broken. */
export function mutated(mutant: Mutant): LedgerStore {
  return mutant(createMemoryStore());
}

/** A commit that does to each balance something else; for commits of one record, as a ledger makes them. */
export function withDeltas(commit: Commit, deltas: readonly number[]): Commit {
  const balances = commit.balances.map((change, index) => ({ ...change, delta: deltas[index] ?? 0 }));
  const postings = commit.postings.map(posting => {
    const delta = deltas[posting.balance] ?? 0;
    return { ...posting, delta, running: delta };
  });
  return { ...commit, balances, postings };
}

/** What the balances of a commit are at the moment. */
export async function beforeOf(inner: LedgerStore, { organizationId, balances }: Commit): Promise<readonly number[]> {
  const keys = { balances: balances.map(change => change.key), locations: [], products: [], variants: [] };
  const loaded = await inner.load(organizationId, keys, []);
  if (loaded.isErr()) return [];
  const { onHand } = loaded.value.slice;
  return balances.map(({ key }) => onHand.get(key.variantId)?.get(key.locationId) ?? 0);
}

/** The configuration of an organization. */
export async function configOf(inner: LedgerStore, organizationId: OrganizationId) {
  const { slice } = (
    await inner.load(organizationId, { balances: [], locations: [], products: [], variants: [] }, [])
  )._unsafeUnwrap();
  return slice;
}

/** Something asynchronous as the answer of a store. */
export function answering<T>(run: () => PromiseLike<{ isOk(): boolean } & Awaited<ResultAsync<T, StoreFault>>>) {
  return new ResultAsync<T, StoreFault>(Promise.resolve().then(run));
}

/** Lets one call run after the other. */
export function createQueue(): <T>(run: () => Promise<T>) => Promise<T> {
  let turn: Promise<unknown> = Promise.resolve();
  return run => {
    const result = turn.then(run);
    turn = result.catch(() => undefined);
    return result;
  };
}
