import { storeFault } from '@stockfold/core';
import { err } from 'neverthrow';
import { answering, type Mutant } from './mutant.ts';

/** Writes the records and only the first half of what they move. */
export const tearsCommits: Mutant = inner => ({
  ...inner,
  commit: commit =>
    inner.commit({ ...commit, postings: commit.postings.slice(0, Math.ceil(commit.postings.length / 2)) }),
});

/** Forgets the last balance when there are many. */
export const dropsPosting: Mutant = inner => ({
  ...inner,
  commit: commit =>
    inner.commit(commit.postings.length < 4 ? commit : { ...commit, postings: commit.postings.slice(0, -1) }),
});

/** Writes the first half of a larger commit, then fails: no transaction around the two. */
export const failsHalfway: Mutant = inner => ({
  ...inner,
  commit: commit =>
    commit.postings.length < 4
      ? inner.commit(commit)
      : answering(async () => {
          await inner.commit({ ...commit, postings: commit.postings.slice(0, 2) });
          return err(storeFault('StoreFailed', 'the second half could not be written'));
        }),
});

/** Checks guard by guard while it writes: what came before the one that failed stays. */
export const appliesBeforeStale: Mutant = inner => ({
  ...inner,
  commit: commit =>
    answering(async () => {
      const answer = await inner.commit(commit);
      if (answer.isErr() || answer.value.kind !== 'stale') return answer;
      const { before } = answer.value;
      const failed = commit.balances.findIndex(({ min }, index) => (before[index] ?? 0) < (min ?? -Infinity));
      const postings = commit.postings.filter(posting => posting.balance < failed);
      await inner.commit({
        ...commit,
        records: [],
        config: [],
        balances: commit.balances.map(({ min: _, ...rest }) => rest),
        postings,
      });
      return answer;
    }),
});
