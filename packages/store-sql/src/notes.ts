import {
  type JsonValue,
  type Note,
  type NoteChange,
  type NoteState,
  type NotesByKey,
  storeFault,
} from '@stockfold/core';

/** A row of the notes. */
export type NoteRow = { kind: string; id: string; body: string; sequence: number };

/** A row of the notes as its note. Throws a `StoreFault` when its body is none. */
export function toNote({ kind, id, body, sequence }: NoteRow): Note {
  return { kind, id, body: parseBody(body), sequence };
}

function parseBody(text: string): JsonValue {
  try {
    const body: JsonValue = JSON.parse(text);
    if (body !== null) return body;
  } catch {
    // What it throws quotes the text.
  }
  throw storeFault('StoreFailed', 'a note is damaged');
}

/** Notes by kind and id, as a slice has them. */
export function byKey(notes: readonly Note[]): NotesByKey<NoteState> {
  const kinds = new Map<string, Map<string, NoteState>>();
  for (const { kind, id, ...state } of notes) kinds.set(kind, (kinds.get(kind) ?? new Map()).set(id, state));
  return kinds;
}

/** Changes of notes for a statement: bodies as text in the text, which then are stored as they were written. */
export function notesAsJson(changes: readonly NoteChange[]): string {
  return JSON.stringify(
    changes.map(({ kind, id, ifSequence, write }) => ({
      kind,
      id,
      ifSequence,
      record: write?.record,
      body: write === undefined || write.body === null ? null : JSON.stringify(write.body),
    })),
  );
}
