import type { Ledger, RecordMovementsInput } from '@stockfold/core';
import { useCallback } from 'react';
import { explainError } from '../shop/explain-error.ts';
import { type Undoable, undoing } from '../shop/undo.ts';
import { useNotice } from './notice.tsx';

/** What a page can have recorded. */
export type Recording = Readonly<{
  /** Says that a command was recorded, with a way to undo it. */
  announce: (text: string, done: Undoable) => void;
  /** Records the counter-movement of a command, and says what came of it. */
  undo: (done: Undoable) => Promise<void>;
}>;

/** Announces what was recorded and takes it back. */
export function useRecording(ledger: Ledger): Recording {
  const show = useNotice();
  const undo = useCallback(
    async (done: Undoable) => {
      const result = await ledger.execute(undoing(done));
      result.match(
        ({ replayed }) => show({ text: replayed ? 'It was undone already.' : 'Undone.' }),
        error => {
          const { title, details } = explainError(error);
          show({ text: [title, ...details].join('. '), tone: 'problem' });
        },
      );
    },
    [ledger, show],
  );
  const announce = useCallback(
    (text: string, done: Undoable) => show({ text, undo: () => void undo(done) }),
    [show, undo],
  );
  return { announce, undo };
}

/** A command as something that can be undone. */
export function undoableOf({ id, lines = [] }: RecordMovementsInput): Undoable {
  return { commandId: id, lines };
}
