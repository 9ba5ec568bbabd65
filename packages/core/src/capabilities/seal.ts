import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { StoreFault } from '../ledger/fault.ts';
import { digestJournal, readDigest } from '../ledger/journal-digest.ts';
import type { Ledger, LedgerError } from '../ledger/ledger.ts';
import type { QueryInvalid } from '../ledger/query.ts';
import type { Receipt } from '../model/journal.ts';
import type { Note } from '../model/note.ts';
import { SEAL } from '../model/seal.ts';
import { carryOut, type Made } from './carry-out.ts';

/** What a journal was sealed with. */
export type Seal = Readonly<{
  /** The sequence up to which it was hashed: the last one at the time. */
  through: number;
  /** 64 hexadecimal digits. Kept elsewhere, it proves the journal against whoever can write to the database. */
  digest: string;
}>;

/**
 * Seals the journal: writes down a digest of all that was recorded so far, which `verify` holds against it from then on. A
 * record that is edited together with everything that follows from it is found too. Only what came since the last seal is read.
 *
 * @returns The receipt of the seal, which is a command of its own; read what it says with {@link lastSeal}. A fault of the store, or
 *   `StoreUnavailable` where there is no Web Crypto.
 */
export function seal(ledger: Ledger, { id }: Readonly<{ id: string }>): ResultAsync<Receipt, LedgerError> {
  return new ResultAsync(carryOut<never>(ledger, { id, asked: { kind: 'Seal' }, make: () => make(ledger) }));
}

/** The last seal; null for a journal that was never sealed, or whose seal was written over. Fails with a fault of the store. */
export function lastSeal(ledger: Ledger): ResultAsync<Seal | null, StoreFault | QueryInvalid> {
  return noteOf(ledger).map(note => {
    const known = note && readDigest(note);
    return known ? { through: known.through, digest: known.digest } : null;
  });
}

/**
 * The digest of the journal up to a sequence, as a seal would have it: to be compared with one that was kept elsewhere. It reads
 * all of the journal up to there. Fails with a fault of the store.
 *
 * @param through - A sequence, 0 or more.
 */
export function digestOf(ledger: Ledger, through: number): ResultAsync<string, StoreFault | QueryInvalid> {
  return digestJournal((after, limit) => ledger.journal({ after, limit }), through).map(({ digest }) => digest);
}

function noteOf(ledger: Ledger): ResultAsync<Note | undefined, StoreFault | QueryInvalid> {
  return ledger.notes({ kind: SEAL.kind, prefix: SEAL.id, limit: 1 }).map(({ items }) => items[0]);
}

async function make(ledger: Ledger): Promise<Result<Made, LedgerError>> {
  const before = await noteOf(ledger);
  if (before.isErr()) return err(before.error);
  const head = await ledger.journal({ limit: 1 });
  if (head.isErr()) return err(head.error);
  const known = before.value && readDigest(before.value);
  const read = (after: number, limit: number) => ledger.journal({ after, limit });
  const digest = await digestJournal(read, head.value.asOf, known ?? undefined);
  if (digest.isErr()) return err(digest.error);
  return ok({ notes: [{ ...SEAL, body: digest.value, ifSequence: before.value?.sequence ?? 0 }] });
}
