import type { OrganizationId } from '@stockfold/core';
import type { Commitment } from './entry.ts';

/**
 * The commits of each organization in the order of their sequences, without gap, from those of several files.
 *
 * Of two for the same sequence the one that was written later stands: the earlier one was not applied, or its tab
 * would have told the other one.
 */
export function chains(
  commits: readonly Commitment[],
  after: (organizationId: OrganizationId) => number,
): readonly Commitment[] {
  const byOrganization = new Map<OrganizationId, Map<number, Commitment>>();
  for (const commit of commits) {
    const bySequence = byOrganization.get(commit.organizationId) ?? new Map<number, Commitment>();
    byOrganization.set(commit.organizationId, bySequence);
    const other = bySequence.get(commit.firstSequence);
    if (other === undefined || other.writtenAt <= commit.writtenAt) bySequence.set(commit.firstSequence, commit);
  }
  return [...byOrganization].flatMap(([organizationId, bySequence]) => chain(bySequence, after(organizationId)));
}

function chain(bySequence: ReadonlyMap<number, Commitment>, after: number): readonly Commitment[] {
  const links: Commitment[] = [];
  for (let next = bySequence.get(after + 1); next !== undefined; next = bySequence.get(next.lastSequence + 1))
    links.push(next);
  return links;
}
