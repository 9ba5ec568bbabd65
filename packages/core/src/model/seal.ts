import type { NoteKey } from './note.ts';

/** The note under which the last seal of a journal is kept. */
export const SEAL: NoteKey = { kind: 'seal', id: 'last' };
