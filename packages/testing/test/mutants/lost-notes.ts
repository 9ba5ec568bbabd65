import type { Commit, NoteChange } from '@stockfold/core';
import type { Mutant } from './mutant.ts';

/** Does something else with the notes of each commit. */
function withNotes(change: (notes: readonly NoteChange[]) => readonly NoteChange[] | undefined): Mutant {
  const changed = (commit: Commit): Commit =>
    commit.notes === undefined ? commit : { ...commit, notes: change(commit.notes) };
  return inner => ({ ...inner, commit: commit => inner.commit(changed(commit)) });
}

/** Loses the last note of a commit. */
export const losesNote: Mutant = withNotes(notes => notes.slice(0, -1));

/** Writes notes whatever was there. */
export const guardsNoNote: Mutant = withNotes(notes => notes.map(({ ifSequence: _, ...note }) => note));

/** Guards only the notes that it writes. */
export const guardsNoReadNote: Mutant = withNotes(notes => notes.filter(({ write }) => write !== undefined));

/** Keeps a note that is taken away. */
export const keepsTakenNotes: Mutant = withNotes(notes => notes.filter(({ write }) => write?.body !== null));

/** Takes every note of a commit for that of its first record. */
export const numbersNotesByCommit: Mutant = withNotes(notes =>
  notes.map(note => (note.write === undefined ? note : { ...note, write: { ...note.write, record: 0 } })),
);

/** Loads no notes. */
export const loadsNoNote: Mutant = inner => ({
  ...inner,
  load: (organizationId, keys, ids) => inner.load(organizationId, { ...keys, notes: undefined }, ids),
});

/** Keeps the notes apart from the commit, and writes them though nothing else is. */
export const writesNotesOfStale: Mutant = inner => ({
  ...inner,
  commit: commit =>
    inner.commit(commit).andThen(answer => {
      const [first] = commit.records;
      if (answer.kind !== 'stale' || commit.notes === undefined || first === undefined) return inner.commit(commit);
      const notes = commit.notes.map(({ ifSequence: _, ...note }) => note);
      const bare = { ...commit, records: [first], balances: [], postings: [], config: [], assumed: [] };
      return inner.commit({ ...bare, notes }).map(() => answer);
    }),
});
