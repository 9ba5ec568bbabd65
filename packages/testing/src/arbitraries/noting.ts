import type { CommandInput, JsonValue, NoteWrite } from '@stockfold/core';
import fc from 'fast-check';

/** What one command says of a note, and which command that is, counted from 0. */
export type Noting = Readonly<{ position: number; note: NoteWrite }>;

/** The kinds of note that are drawn. */
export const NOTE_KINDS = ['hold', 'count'] as const;

const body: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 3, arbitrary: fc.nat({ max: 9 }) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant({ until: null, lines: ['a', 1.5] }) },
);

/** A note that is written, expected or both. Sequences are as small as those of a short journal. */
export const note: fc.Arbitrary<NoteWrite> = fc
  .record({
    kind: fc.constantFrom(...NOTE_KINDS),
    id: fc.constantFrom('a', 'b'),
    body,
    ifSequence: fc.option(fc.nat({ max: 6 }), { nil: undefined, freq: 2 }),
    isRead: fc.integer({ min: 0, max: 5 }).map(draw => draw === 5),
  })
  .map(({ isRead, ifSequence, body: written, ...key }) => {
    if (ifSequence === undefined) return { ...key, body: written };
    return isRead ? { ...key, ifSequence } : { ...key, body: written, ifSequence };
  });

/** A note of some command. It shrinks towards the first. */
export const noting: fc.Arbitrary<Noting> = fc.record({ position: fc.nat({ max: 12 }), note });

/** The commands with each note beside the movements of its command. */
export function withNotes(commands: readonly CommandInput[], notings: readonly Noting[]): readonly CommandInput[] {
  return commands.map((command, index) => {
    if (command.kind !== 'RecordMovements') return command;
    const own = notings.filter(({ position }) => position % commands.length === index).map(noting => noting.note);
    const notes = [...new Map(own.map(one => [`${one.kind} ${one.id}`, one])).values()];
    return notes.length === 0 ? command : { ...command, notes };
  });
}
