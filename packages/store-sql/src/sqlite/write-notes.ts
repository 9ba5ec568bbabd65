import type { NoteChange } from '@stockfold/core';
import type { Statements } from './statements.ts';

/**
 * Writes notes over, or takes them away. Every guard is held before the first is written.
 *
 * @returns False when a guard does not hold: nothing was written.
 */
export function writeNotes(
  { note, setNote, deleteNote }: Statements,
  { organization, firstSequence }: Readonly<{ organization: number; firstSequence: number }>,
  changes: readonly NoteChange[] = [],
): boolean {
  for (const { kind, id, ifSequence } of changes) {
    if (ifSequence === undefined) continue;
    if (ifSequence !== (note.get(organization, kind, id)?.sequence ?? 0)) return false;
  }
  for (const { kind, id, write } of changes) {
    if (write === undefined) continue;
    if (write.body === null) deleteNote.run(organization, kind, id);
    else setNote.run(organization, kind, id, JSON.stringify(write.body), firstSequence + write.record);
  }
  return true;
}
