import type { StoredRecord } from '../model/journal.ts';
import type { Note, NoteKey, NoteState } from '../model/note.ts';

/** The notes that the records of a journal come to; by hand, like `Fold`. */
export class NoteFold {
  readonly #notes: Map<string, Map<string, NoteState>> = new Map();

  /** Adds what a record wrote. Records in order, from the first. */
  addRecord({ sequence, events }: StoredRecord): this {
    for (const event of events) {
      if (event.kind !== 'NotesWritten') continue;
      for (const { kind, id, body } of event.notes) this.set({ kind, id }, body === null ? null : { body, sequence });
    }
    return this;
  }

  /** The note of a key; undefined when there is none. */
  get({ kind, id }: NoteKey): NoteState | undefined {
    return this.#notes.get(kind)?.get(id);
  }

  /** Writes one note over; null takes it away. */
  set({ kind, id }: NoteKey, state: NoteState | null): void {
    const ofKind = this.#notes.get(kind) ?? new Map<string, NoteState>();
    this.#notes.set(kind, ofKind);
    if (state === null) ofKind.delete(id);
    else ofKind.set(id, state);
  }

  /** Every kind that was ever written, also those that come while it is gone through. */
  kinds(): Iterable<string> {
    return this.#notes.keys();
  }

  /** Every note there is. */
  *entries(): Generator<Note> {
    for (const [kind, ofKind] of this.#notes) for (const [id, state] of ofKind) yield { kind, id, ...state };
  }
}
