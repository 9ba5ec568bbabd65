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
  /** Looks at the stock and makes the command, or says why there is none: an error of the capability, or a fault. Called again when the stock has changed since. It carries out nothing itself, or it would wait for itself. */
  make: () => Promise<Result<Made, E | LedgerError>>;
}>;

// Each attempt that fails means that another writer got through with the same hold, count or reversal.
const ATTEMPTS_MAX = 100;

// Whoever was late waits for those who were before, and each of them gets through: all at once, one would at every attempt. By
// the function, which a ledger under an idempotency key has in common with the ledger itself.
const TURNS = new WeakMap<Ledger['records'], Promise<unknown>>();

/**
 * Carries a request out: makes a command of it and records that, again from the beginning when what it was made on is
 * another by then. A request that was carried out before gets its first receipt, whatever the stock is by now.
 *
 * All that a capability needs to be right lies in the command: guards on what was read, in the transaction that writes.
 *
 * @returns The receipt; what `make` could not do, or the rejection or fault of the command.
 */
export async function carryOut<E>(ledger: Ledger, request: Request<E>): Promise<Result<Receipt, E | LedgerError>> {
  const first = await attempt(ledger, request);
  return isOutdated(first) ? inTurn(ledger, () => insist(ledger, request)) : first;
}

type Answer<E> = Promise<Result<Receipt, E | LedgerError>>;

function inTurn<T>({ records }: Ledger, run: () => Promise<T>): Promise<T> {
  const turn = (TURNS.get(records) ?? Promise.resolve()).then(run, run);
  TURNS.set(records, turn);
  return turn;
}

async function insist<E>(ledger: Ledger, request: Request<E>): Answer<E> {
  let answer = await attempt(ledger, request);
  for (let attempts = 2; isOutdated(answer) && attempts < ATTEMPTS_MAX; attempts++)
    answer = await attempt(ledger, request);
  return answer;
}

async function attempt<E>(ledger: Ledger, request: Request<E>): Answer<E> {
  const made = await request.make();
  if (made.isErr()) return replayed(ledger, request, made.error);
  const { id, asked, provenance } = request;
  return ledger.execute({ ...made.value, kind: 'RecordMovements', id, request: asked, provenance });
}

/** Whether what a request was made on is another by now. */
export function isOutdated(answer: Result<Receipt, unknown>): boolean {
  if (answer.isOk()) return false;
  const { kind } = answer.error as ExecuteError;
  return kind === 'NoteStale' || kind === 'BalanceStale';
}

/**
 * A request that cannot be carried out may have been: the hold it would post is posted, by itself. Where nobody can tell, that is the
 * answer, and not a refusal that looks final.
 */
async function replayed<E>(ledger: Ledger, { id, asked, provenance }: Request<E>, error: E | LedgerError): Answer<E> {
  const known = await ledger.records({ commandIds: [id] });
  if (known.isErr()) return err(known.error.kind === 'QueryInvalid' ? error : known.error);
  if (known.value.length === 0) return err(error);
  return ledger.execute({ kind: 'RecordMovements', id, request: asked, provenance });
}
