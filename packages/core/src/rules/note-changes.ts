import type { Command } from '../model/command.ts';
import type { NoteChange } from '../model/commit.ts';

type OpenChange = { -readonly [Field in keyof NoteChange]: NoteChange[Field] };

/**
 * What some commands, decided one after the other, do to notes: one change for each note. The body is that of the last
 * one that writes it. The expectation speaks of the note before the commit, so it is that of the first command, unless
 * another one has written the note before it: then the decision has looked at what that one left. Undefined for none.
 */
export function noteChanges(decided: readonly Readonly<{ command: Command }>[]): readonly NoteChange[] | undefined {
  const changes = new Map<string, OpenChange>();
  for (const [record, { command }] of decided.entries()) {
    if (command.kind !== 'RecordMovements') continue;
    for (const { kind, id, body, ifSequence } of command.notes ?? []) {
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
