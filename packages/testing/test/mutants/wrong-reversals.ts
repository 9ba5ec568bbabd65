import { type CommandInput, type Ledger, type RecordMovementsInput, reverse } from '@stockfold/core';
import { okAsync } from 'neverthrow';
import { onRequests, type Twist } from './wrong-requests.ts';

/** What takes commands back on a ledger that is broken in one thing. */
export const reversing =
  (twist: Twist): typeof reverse =>
  (ledger, input) =>
    reverse({ ...ledger, ...twist(ledger) }, input);

const onReversals = (change: (command: RecordMovementsInput) => CommandInput): Twist => onRequests('Reversal', change);

/** Does not look whether a command was taken back before. */
export const reversesTwice: Twist = ledger => ({
  ...onReversals(({ notes = [], ...command }) => ({
    ...command,
    notes: notes.map(({ ifSequence: _, ...note }) => note),
  }))(ledger),
  notes: query => (query.kind === 'reversal' ? okAsync({ items: [], next: null, asOf: 0 }) : ledger.notes(query)),
});

/** Leaves the last line where it is, where there are several. */
export const forgetsLine: Twist = onReversals(command => {
  const { lines = [] } = command;
  return { ...command, lines: lines.length > 1 ? lines.slice(0, -1) : lines };
});

/** Takes back whatever is left on the shelf. */
export const ignoresFloors: Twist = onReversals(command => ({
  ...command,
  override: { floors: true, reason: 'it was taken back' },
}));

/** Is refused where a floor breaks, also where it is forced. */
export const forcesNothing: Twist = onReversals(({ override: _, ...command }) => command);

/** Names no cause: from the reversal nothing leads to its command. */
export const namesNoCause: Twist = onReversals(command => ({
  ...command,
  provenance: { ...command.provenance, causedBy: null },
}));

/** Leaves a note of another command: from the command nothing leads to its reversal. */
export const notesAnother: Twist = (ledger: Ledger) =>
  onReversals(({ notes = [], ...command }) => ({
    ...command,
    notes: notes.map(note => ({ ...note, body: { by: ledger.organizationId } })),
  }))(ledger);
