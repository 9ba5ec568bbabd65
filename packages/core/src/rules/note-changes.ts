import type { Command } from '../model/command.ts';
import type { NoteChange } from '../model/commit.ts';
import type { NoteKey, NoteWrite } from '../model/note.ts';

/** A note as it was before the commit. */
export type ReliedOn = NoteKey & Readonly<{ sequence: number }>;

type OpenChange = { -readonly [Field in keyof NoteChange]: NoteChange[Field] };

/**
 * What some commands, decided one after the other, do to notes: one change for each note. The body is that of the last
 * one that writes it. The expectation speaks of the note before the commit, so it is that of the first command, unless
 * another one has written the note before it: then the decision has looked at what that one left. Undefined for none.
 *
 * @param reliedOn - By the position of the command.
 */
export function noteChanges(
  decided: readonly Readonly<{ command: Command }>[],
  reliedOn: ReadonlyMap<number, readonly ReliedOn[]> = new Map(),
): readonly NoteChange[] | undefined {
  const changes = new Map<string, OpenChange>();
  for (const [record, { command }] of decided.entries()) {
    if (command.kind !== 'RecordMovements') continue;
    const named: readonly NoteWrite[] = [
      ...(reliedOn.get(record) ?? []).map(({ sequence, ...key }) => ({ ...key, ifSequence: sequence })),
      ...(command.notes ?? []),
    ];
    for (const { kind, id, body, ifSequence } of named) {
      // A kind has no blank.
      const name = `${kind} ${id}`;
      const change = changes.get(name) ?? { kind, id };
      changes.set(name, change);
      if (change.write === undefined && ifSequence !== undefined) change.ifSequence ??= ifSequence;
      if (body !== undefined) change.write = { body, record };
    }
  }
  return changes.size === 0 ? undefined : [...changes.values()];
}
