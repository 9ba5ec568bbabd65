import { err, type Result } from 'neverthrow';
import type { ExecuteError } from '../ledger/command-queue.ts';
import type { Ledger, LedgerError } from '../ledger/ledger.ts';
import type { RecordMovementsInput } from '../model/command.ts';
import type { Receipt } from '../model/journal.ts';
import type { JsonValue } from '../model/json.ts';
import type { ProvenanceInput } from '../model/provenance.ts';

/** What a capability makes of a request, on the stock as it is: a command that proves what it was made on. */
export type Made = Omit<RecordMovementsInput, 'kind' | 'id' | 'request' | 'provenance'>;

/** One request to a capability. */
export type Request<E> = Readonly<{
  /** The id of the command, kept by the caller before it asks. */
  id: string;
  /** Begins with a `kind`; it alone tells whether a request under a known id is the same again. */
  asked: Readonly<Record<string, JsonValue>>;
  /** Where it comes from, which tells requests apart too. */
  provenance?: ProvenanceInput | undefined;
  /** Looks at the stock and makes the command, or says why there is none: an error of the capability, or a fault. Called again when the stock has changed since. */
  make: () => Promise<Result<Made, E | LedgerError>>;
}>;

// Each attempt that fails means that another writer got through with the same hold, count or reversal.
const ATTEMPTS_MAX = 20;

/**
 * Carries a request out: makes a command of it and records that, again from the beginning when what it was made on is
 * another by then. A request that was carried out before gets its first receipt, whatever the stock is by now.
 *
 * All that a capability needs to be right lies in the command: guards on what was read, in the transaction that writes.
 *
 * @returns The receipt; what `make` could not do, or the rejection or fault of the command.
 */
export async function carryOut<E>(ledger: Ledger, request: Request<E>): Promise<Result<Receipt, E | LedgerError>> {
  let refused: Result<Receipt, E | LedgerError> | undefined;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const made = await request.make();
    if (made.isErr()) return replayed(ledger, request, made.error);
    const { id, asked, provenance } = request;
    const command = { ...made.value, kind: 'RecordMovements', id, request: asked, provenance } as const;
    const recorded = await ledger.execute(command);
    if (recorded.isOk() || !isOutdated(recorded.error)) return recorded;
    refused = recorded;
  }
  return refused as Result<Receipt, E | LedgerError>;
}

function isOutdated(error: ExecuteError): boolean {
  return error.kind === 'NoteStale' || error.kind === 'BalanceStale';
}

/** A request that cannot be carried out may have been: the hold it would post is posted, by itself. */
async function replayed<E>(
  ledger: Ledger,
  { id, asked, provenance }: Request<E>,
  error: E | LedgerError,
): Promise<Result<Receipt, E | LedgerError>> {
  const known = await ledger.records({ commandIds: [id] });
  if (known.isErr() || known.value.length === 0) return err(error);
  return ledger.execute({ kind: 'RecordMovements', id, request: asked, provenance });
}
