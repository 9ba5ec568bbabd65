import { compareKeys, type OrganizationId } from '@stockfold/core';
import { ResultAsync } from 'neverthrow';
import type { Mutant } from './mutant.ts';

/** The organization is missing in the query for balances. */
export const mixesBalances: Mutant = inner => {
  const seen = new Set<OrganizationId>();
  return {
    ...inner,
    commit: commit => {
      seen.add(commit.organizationId);
      return inner.commit(commit);
    },
    balances: query =>
      ResultAsync.combine([...seen].map(organizationId => inner.balances({ ...query, organizationId }))).map(pages => ({
        items: pages.flatMap(page => page.items).sort(compareKeys),
        next: null,
        asOf: Math.max(0, ...pages.map(page => page.asOf)),
      })),
  };
};

/** The organization is missing in the look-up of known commands. */
export const mixesCommands: Mutant = inner => {
  const seen = new Set<OrganizationId>();
  return {
    ...inner,
    commit: commit => {
      seen.add(commit.organizationId);
      return inner.commit(commit);
    },
    load: (organizationId, keys, ids) =>
      inner.load(organizationId, keys, ids).andThen(loaded =>
        ResultAsync.combine([...seen].map(other => inner.load(other, keys, ids))).map(others => ({
          ...loaded,
          known: others.flatMap(other => other.known),
        })),
      ),
  };
};

/** The organization is missing in the table of the locations. */
export const mixesLocations: Mutant = inner => {
  let first: OrganizationId | undefined;
  return {
    ...inner,
    commit: commit => {
      first ??= commit.organizationId;
      return inner.commit(commit);
    },
    locations: organizationId => inner.locations(first ?? organizationId),
  };
};

/** The organization is missing in the table of the low-stock rules. */
export const mixesLowStock: Mutant = inner => {
  let first: OrganizationId | undefined;
  return {
    ...inner,
    commit: commit => {
      first ??= commit.organizationId;
      return inner.commit(commit);
    },
    lowStock: query => inner.lowStock({ ...query, organizationId: first ?? query.organizationId }),
  };
};

/** The organization is missing in the look-up of the past. */
export const mixesPast: Mutant = inner => {
  let first: OrganizationId | undefined;
  return {
    ...inner,
    commit: commit => {
      first ??= commit.organizationId;
      return inner.commit(commit);
    },
    balances: query =>
      inner.balances(query.asOf === undefined ? query : { ...query, organizationId: first ?? query.organizationId }),
  };
};
