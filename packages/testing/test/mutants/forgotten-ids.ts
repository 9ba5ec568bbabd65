import { randomUUID } from 'node:crypto';
import type { CommandId, LedgerStore, StoredRecord } from '@stockfold/core';
import type { Mutant } from './mutant.ts';

/** Has no unique key on commands: the same one is recorded as often as it comes. */
export const ignoresKnownIds: Mutant = inner => {
  const names = new Map<CommandId, CommandId>();
  const alias = (id: CommandId) => {
    const fresh = randomUUID() as CommandId;
    names.set(fresh, id);
    return fresh;
  };
  const named = (record: StoredRecord) => ({ ...record, commandId: names.get(record.commandId) ?? record.commandId });
  return {
    ...inner,
    load: (organizationId, keys) => inner.load(organizationId, keys, []),
    commit: commit =>
      inner.commit({
        ...commit,
        records: commit.records.map(record => ({ ...record, commandId: alias(record.commandId) })),
      }),
    journal: query => inner.journal(query).map(page => ({ ...page, items: page.items.map(named) })),
  };
};

/** Looks for known commands on load only: of two that come at once, the second gets through under another name. */
export const forgetsKnownAtCommit: Mutant = inner => {
  const aliasing = ignoresKnownIds(inner);
  return {
    ...aliasing,
    load: (organizationId, keys, ids) =>
      aliasing.load(organizationId, keys, ids).andThen(loaded =>
        aliasing.journal({ organizationId, after: 0, limit: 1_000 }).map(({ items }) => ({
          ...loaded,
          known: items.filter(record => ids.includes(record.commandId)).slice(0, 1),
        })),
      ),
  };
};

/** Takes a command that stands twice in one commit as one. */
export const swallowsTwins: Mutant = inner => ({
  ...inner,
  commit: commit => {
    const records = commit.records.filter(
      ({ commandId }, index) => commit.records.findIndex(other => other.commandId === commandId) === index,
    );
    const postings = commit.postings.filter(posting => posting.record < records.length);
    return inner.commit({ ...commit, records, postings });
  },
});

/** Does not look up what a commit observes. */
export const forgetsObserved: Mutant = inner => ({
  ...inner,
  commit: commit => inner.commit({ ...commit, observe: [] }),
});

/** Loads no record, so a replay is only found by the commit. */
export const forgetsKnownOnLoad: Mutant = (inner: LedgerStore) => ({
  ...inner,
  load: (organizationId, keys) => inner.load(organizationId, keys, []),
});
