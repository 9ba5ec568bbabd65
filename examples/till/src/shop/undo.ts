import type { MovementLineInput, RecordMovementsInput } from '@stockfold/core';

/** A command that can be taken back: what it moved, and under which id. */
export type Undoable = Readonly<{ commandId: string; lines: readonly MovementLineInput[] }>;

/**
 * The counter-movement: what was sold comes back, what was restocked goes back. Nothing is ever erased.
 *
 * Its id follows from the id of what it undoes, so two tabs that undo the same sale record one refund.
 */
export function undoing({ commandId, lines }: Undoable): RecordMovementsInput {
  return {
    kind: 'RecordMovements',
    id: undoIdOf(commandId),
    externalUuid: commandId,
    lines: lines.map(({ from, to, ...line }) => ({ ...line, from: to, to: from })),
  };
}

/** The id under which a command is undone: its own, as a UUID of version 8, which nobody draws at random. */
function undoIdOf(commandId: string): string {
  return `${commandId.slice(0, 14)}8${commandId.slice(15)}`;
}

/** Whether a command undoes another one. What was undone is not done again: it is recorded anew. */
export function isUndo(commandId: string): boolean {
  return commandId.charAt(14) === '8';
}

/**
 * Whether a command was undone.
 *
 * @param recorded - Ids of commands in the journal, all that are newer among them.
 */
export function isUndone(commandId: string, recorded: ReadonlySet<string>): boolean {
  return !isUndo(commandId) && recorded.has(undoIdOf(commandId));
}
