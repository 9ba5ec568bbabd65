import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { StoreFault } from '../ledger/fault.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { QueryInvalid } from '../ledger/query.ts';

/**
 * The last sequence that had been recorded at a time, for `asOf`; 0 for a time before the first. It halves the journal,
 * whose times never go back: 20 records are read of a million. Fails with a fault of the store, or with QueryInvalid.
 *
 * @param at - Milliseconds since 1970.
 */
export function sequenceAt(ledger: Ledger, at: number): ResultAsync<number, StoreFault | QueryInvalid> {
  return new ResultAsync(search(ledger, at));
}

async function search(ledger: Ledger, at: number): Promise<Result<number, StoreFault | QueryInvalid>> {
  const last = await ledger.journal({ limit: 1 });
  if (last.isErr()) return err(last.error);
  let [low, high] = [0, last.value.asOf];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const read = await ledger.journal({ after: middle - 1, limit: 1 });
    if (read.isErr()) return err(read.error);
    if ((read.value.items[0]?.recordedAt ?? Number.POSITIVE_INFINITY) <= at) low = middle;
    else high = middle - 1;
  }
  return ok(low);
}
