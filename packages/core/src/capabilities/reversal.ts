import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { StoreFault } from '../ledger/fault.ts';
import type { Ledger, LedgerError } from '../ledger/ledger.ts';
import type { QueryInvalid } from '../ledger/query.ts';
import type { CommandId } from '../model/id.ts';
import { linesOf, type Receipt, type StoredRecord } from '../model/journal.ts';
import type { MovementLineInput } from '../model/movement.ts';
import type { ProvenanceInput } from '../model/provenance.ts';
import { carryOut, type Made } from './carry-out.ts';

/** What to take back. */
export type ReversalInput = Readonly<{
  /** The id of the reversal, a command of its own. */
  id: string;
  /** The command that is taken back. */
  commandId: string;
  /** Where it comes from, but for its cause, which is the command that is taken back. */
  provenance?: Omit<ProvenanceInput, 'causedBy'> | undefined;
  /** Takes it back although a floor breaks. The reason has 1 to 256 characters, and is recorded. */
  force?: Readonly<{ reason: string }> | undefined;
}>;

/** Why a command is not taken back; nothing has moved. */
export type ReversalError =
  /** No such command was ever recorded. */
  | Readonly<{ kind: 'CommandUnknown'; retry: 'never' }>
  /** It was taken back before, by that command. */
  | Readonly<{ kind: 'AlreadyReversed'; retry: 'never'; by: CommandId }>
  /** It moved nothing, or more hangs on it than movements: what made it (a hold, a count, a reversal) takes it back. */
  | Readonly<{ kind: 'NotReversible'; retry: 'never' }>;

// Linked both ways: the reversal names its command as its cause, and a note under the command names the reversal.
const KIND = 'reversal';

/**
 * Takes a command back, once: moves all that it moved the other way.
 *
 * @returns The receipt of the reversal; `ReversalError`, or whatever a command may be refused for: `StockInsufficient`
 *   where the goods are no longer there, unless it is forced.
 */
export function reverse(ledger: Ledger, input: ReversalInput): ResultAsync<Receipt, ReversalError | LedgerError> {
  const { id, force, provenance } = input;
  const commandId = String(input.commandId).toLowerCase();
  const asked = { kind: 'Reversal', commandId, ...(force && { force: force.reason }) };
  const override = force && ({ floors: true, reason: force.reason } as const);
  return new ResultAsync(
    carryOut(ledger, {
      id,
      asked,
      provenance: { ...provenance, causedBy: commandId },
      make: async () => (await make(ledger, commandId, id)).map(made => ({ ...made, override })),
    }),
  );
}

/** By which command one was taken back; null when it was not. `QueryInvalid` for what is no id, or a fault of the store. */
export function reversalOf(
  ledger: Ledger,
  commandId: string,
): ResultAsync<CommandId | null, StoreFault | QueryInvalid> {
  return ledger.notes({ kind: KIND, prefix: commandId.toLowerCase(), limit: 1 }).map(({ items }) => {
    const note = items.find(({ id }) => id === commandId.toLowerCase());
    return (note?.body as { by: CommandId } | undefined)?.by ?? null;
  });
}

async function make(ledger: Ledger, commandId: string, by: string): Promise<Result<Made, ReversalError | LedgerError>> {
  const found = await ledger.records({ commandIds: [commandId] });
  if (found.isErr()) return err(found.error);
  const [record] = found.value;
  if (record === undefined) return err({ kind: 'CommandUnknown', retry: 'never' });
  if (!isReversible(record)) return err({ kind: 'NotReversible', retry: 'never' });
  const before = await reversalOf(ledger, commandId);
  if (before.isErr()) return err(before.error);
  if (before.value !== null) return err({ kind: 'AlreadyReversed', retry: 'never', by: before.value });
  return ok({ lines: backwards(record), notes: [{ kind: KIND, id: commandId, body: { by }, ifSequence: 0 }] });
}

function isReversible(record: StoredRecord): boolean {
  return (
    linesOf(record).length > 0 && !record.events.some(({ kind }) => kind === 'Requested' || kind === 'NotesWritten')
  );
}

function backwards(record: StoredRecord): readonly MovementLineInput[] {
  return linesOf(record).map(({ from, to, ...line }) => ({ ...line, from: to, to: from }));
}
