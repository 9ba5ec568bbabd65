import type { OrganizationId } from '../model/id.ts';
import type { StoredRecord } from '../model/journal.ts';
import type { LedgerStore } from './store.ts';

/** Somebody who follows an organization. */
export type Listening = Readonly<{
  organizationId: OrganizationId;
  /** These were just committed. */
  publish: (records: readonly StoredRecord[]) => void;
  /** A commit may have been applied that nobody tells of. */
  refresh: () => void;
}>;

// Ledgers on the same store object hear of each other at once; a store is asked for news of other handles.
const listening = new WeakMap<LedgerStore, Set<Listening>>();

/** @returns A function that ends it. */
export function join(store: LedgerStore, listener: Listening): () => void {
  const all = listening.get(store) ?? new Set();
  listening.set(store, all.add(listener));
  return () => all.delete(listener);
}

/** Tells everybody who follows the organization on this store of records that were just committed. */
export function announce(
  store: LedgerStore,
  organizationId: OrganizationId,
  records: () => readonly StoredRecord[],
): void {
  for (const listener of listeningTo(store, organizationId)) listener.publish(records());
}

/** Has everybody who follows the organization on this store look: a commit may have been applied that nobody tells of. */
export function suspect(store: LedgerStore, organizationId: OrganizationId): void {
  for (const listener of listeningTo(store, organizationId)) listener.refresh();
}

function listeningTo(store: LedgerStore, organizationId: OrganizationId): readonly Listening[] {
  return [...(listening.get(store) ?? [])].filter(listener => listener.organizationId === organizationId);
}
