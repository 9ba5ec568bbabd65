import type { StoredRecord } from '@stockfold/core';
import type { Mutant } from './mutant.ts';

/** Leaves out a number after the second record, as a sequence of a database does on a rollback. */
export const leavesGap: Mutant = inner => {
  const shifted = (record: StoredRecord) => ({
    ...record,
    sequence: record.sequence > 2 ? record.sequence + 1 : record.sequence,
  });
  return {
    ...inner,
    journal: query => inner.journal(query).map(page => ({ ...page, items: page.items.map(shifted) })),
  };
};

/** Writes the caller's clock down as it is. */
export const letsTimeGoBack: Mutant = inner => {
  const times = new Map<string, number>();
  return {
    ...inner,
    commit: commit => {
      for (const { commandId } of commit.records) if (!times.has(commandId)) times.set(commandId, commit.at);
      return inner.commit(commit);
    },
    journal: query =>
      inner.journal(query).map(page => ({
        ...page,
        items: page.items.map(record => ({ ...record, recordedAt: times.get(record.commandId) ?? record.recordedAt })),
      })),
  };
};

/** Answers with the sequence before its own. */
export const answersOneBefore: Mutant = inner => ({
  ...inner,
  commit: commit =>
    inner
      .commit(commit)
      .map(answer => (answer.kind === 'committed' ? { ...answer, firstSequence: answer.firstSequence - 1 } : answer)),
});

/** Answers stale without the balances to decide again on. */
export const answersWithoutBefore: Mutant = inner => ({
  ...inner,
  commit: commit => inner.commit(commit).map(answer => (answer.kind === 'stale' ? { ...answer, before: [] } : answer)),
});
