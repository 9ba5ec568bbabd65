import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { StoreFault } from '../ledger/fault.ts';
import type { BalanceAt, Ledger } from '../ledger/ledger.ts';
import type { QueryInvalid } from '../ledger/query.ts';
import type { StoredPosting } from '../ledger/store.ts';
import { occurredAtOf, type StoredRecord } from '../model/journal.ts';
import { sequenceAt } from './sequence-at.ts';

/** Which balance, and as effective at which time. */
export type EffectiveAtInput = Readonly<{
  locationId: string;
  variantId: string;
  /** Milliseconds since 1970. */
  at: number;
}>;

/** A balance on both axes: as it is by what is recorded (`onHand`), and as it was at a time by what has occurred by then. */
export type EffectiveBalance = BalanceAt & Readonly<{ effective: number }>;

type Asked<T> = Promise<Result<T, StoreFault | QueryInvalid>>;

/**
 * The balance as effective at a time: what had been recorded by then, and what was recorded later of things that had occurred
 * by then. A movement is effective when it says that it occurred, or when it was recorded, whichever is earlier: a clock that
 * is ahead moves nothing into the future.
 *
 * A backdated movement is one record and nothing else: nothing is posted again. It costs what has moved the balance since that
 * time. Fails with a fault of the store, which keeps postings, or with QueryInvalid.
 *
 * @returns Smallest units; both balances are of one moment, the sequence `asOf`.
 */
export function effectiveAt(
  ledger: Ledger,
  query: EffectiveAtInput,
): ResultAsync<EffectiveBalance, StoreFault | QueryInvalid> {
  return new ResultAsync(read(ledger, query));
}

async function read(ledger: Ledger, { at, ...balance }: EffectiveAtInput): Asked<EffectiveBalance> {
  if (!Number.isSafeInteger(at)) return err({ kind: 'QueryInvalid', retry: 'never', field: 'at' });
  const sequence = await sequenceAt(ledger, at);
  if (sequence.isErr()) return err(sequence.error);
  const before = await ledger.balanceAt({ ...balance, asOf: sequence.value });
  if (before.isErr()) return err(before.error);
  let { onHand } = before.value;
  let effective = onHand;
  let end: number | undefined;
  for (let after = sequence.value; after < (end ?? Number.POSITIVE_INFINITY); ) {
    const page = await ledger.postings({ ...balance, after, limit: PAGE });
    if (page.isErr()) return err(page.error);
    const { items, next, asOf } = page.value;
    end ??= asOf;
    // Later ones are of another moment than the first page.
    const postings = items.filter(posting => posting.sequence <= (end as number));
    const records = await recordsOf(ledger, postings);
    if (records.isErr()) return err(records.error);
    for (const [index, posting] of postings.entries()) {
      if (occurredAtOf(records.value[index] as StoredRecord) <= at) effective += posting.onHand - onHand;
      onHand = posting.onHand;
    }
    after = next === null ? end : Number(next);
  }
  return ok({ ...before.value, onHand, effective, asOf: end as number });
}

const PAGE = 100;

/** The records of postings, in as few reads as their distances allow. */
async function recordsOf(ledger: Ledger, postings: readonly StoredPosting[]): Asked<readonly StoredRecord[]> {
  const records = new Map<number, StoredRecord>();
  const last = postings.at(-1)?.sequence ?? 0;
  for (const { sequence } of postings) {
    if (records.has(sequence)) continue;
    const limit = Math.min(PAGE, last - sequence + 1);
    const page = await ledger.journal({ after: sequence - 1, limit });
    if (page.isErr()) return err(page.error);
    for (const record of page.value.items) records.set(record.sequence, record);
  }
  return ok(postings.map(({ sequence }) => records.get(sequence) as StoredRecord));
}
