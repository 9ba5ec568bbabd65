import { randomUUID } from 'node:crypto';
import { type LedgerStore, type OrganizationId, storeFault } from '@stockfold/core';
import { errAsync, okAsync } from 'neverthrow';

/**
 * A store in which every organization is a new one, though the worlds of a simulation all play in the same: many can
 * share a database, none has to be emptied, and closing one ends nothing.
 */
export function inNewOrganizations(store: LedgerStore): LedgerStore {
  const organizations = new Map<OrganizationId, OrganizationId>();
  const own = (id: OrganizationId): OrganizationId => {
    const known = organizations.get(id) ?? (randomUUID() as OrganizationId);
    organizations.set(id, known);
    return known;
  };
  const renamed = <T extends Readonly<{ organizationId: OrganizationId }>>(of: T): T => ({
    ...of,
    organizationId: own(of.organizationId),
  });
  return {
    durability: store.durability,
    load: (organizationId, keys, commandIds) => store.load(own(organizationId), keys, commandIds),
    commit: commit => store.commit(renamed(commit)),
    balances: query => store.balances(renamed(query)),
    journal: query => store.journal(renamed(query)),
    trackedProducts: query => store.trackedProducts(renamed(query)),
    lowStock: query => store.lowStock(renamed(query)),
    notes: query => store.notes(renamed(query)),
    postings: query =>
      store.postings?.(renamed(query)) ?? errAsync(storeFault('StoreFailed', 'PostgreSQL keeps postings')),
    locations: organizationId => store.locations(own(organizationId)),
    close: () => okAsync(undefined),
  };
}
