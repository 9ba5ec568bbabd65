import type { JsonValue } from './json.ts';

/** The most characters of a note's body, as JSON. */
export const NOTE_LENGTH_MAX = 4_096;

/** The most characters of all note bodies of one command, and of what it was asked for, as JSON. */
export const COMMAND_JSON_LENGTH_MAX = 262_144;

/** Names one note within an organization. */
export type NoteKey = Readonly<{
  /** What it is about: lower-case letters and hyphens, at most 32. */
  kind: string;
  /** Printable ASCII, 1 to 200 characters. */
  id: string;
}>;

/** A note as it is kept, whatever it is called. */
export type NoteState = Readonly<{
  body: JsonValue;
  /** The sequence of the record that wrote it last. */
  sequence: number;
}>;

/**
 * A small row beside the balances, written together with movements: what a hold, a count or a reversal has to be
 * remembered by. Only its writer knows what it means.
 */
export type Note = NoteKey & NoteState;

/** What a command does to one note, and what it relies on. */
export type NoteWrite = NoteKey &
  Readonly<{
    /** Written over what was there; null takes the note away; absent: it is only looked at. */
    body?: JsonValue | undefined;
    /**
     * Compare and set: the sequence at which the note must have been written last, 0 when it must not be there; or the
     * command is refused with `NoteStale`. Absent: whatever it is.
     */
    ifSequence?: number | undefined;
  }>;

/** By kind, then by id. */
export type NotesByKey<T> = ReadonlyMap<string, ReadonlyMap<string, T>>;

/** Whether a text can be the kind of a note. */
export function isNoteKind(input: unknown): input is string {
  return typeof input === 'string' && /^[a-z][a-z-]{0,31}$/.test(input);
}

/** Whether a text can be the id of a note. One byte a character: all stores sort it alike. */
export function isNoteId(input: unknown): input is string {
  return typeof input === 'string' && /^[\x20-\x7e]{1,200}$/.test(input);
}

/**
 * Where the ids of a page of notes lie: at `from` or after it, and before `to`.
 *
 * Ids are printable ASCII: the first one after another has a blank more, and none that begins with a prefix reaches the
 * prefix with a DEL behind it.
 */
export function noteRange({
  prefix = '',
  cursor,
}: Readonly<{ prefix?: string | undefined; cursor?: string | undefined }>): Readonly<{ from: string; to: string }> {
  const next = cursor === undefined ? '' : `${cursor} `;
  return { from: next > prefix ? next : prefix, to: `${prefix}\x7f` };
}
