import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { StoreFault } from '../ledger/fault.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { BalanceAtInput, PostingQueryInput, QueryInvalid } from '../ledger/query.ts';
import type { Page, StoredPosting } from '../ledger/store.ts';
import type { StoredRecord } from '../model/journal.ts';

/** What one record did to a balance. Amounts are smallest units. */
export type HistoryEntry = Readonly<{
  record: StoredRecord;
  /** What its lines added, below zero for what they took; 0 where they undo each other. */
  delta: number;
  /** The balance after it. */
  onHand: number;
}>;

/** A number, and the records that make it. */
export type Explanation = Readonly<{ onHand: number; asOf: number; entries: readonly HistoryEntry[] }>;

type Asked<T> = Promise<Result<T, StoreFault | QueryInvalid>>;

/**
 * A page of what happened to one balance, in the order of the journal. `next` is a sequence, so a page stays where it is
 * while others write. Fails with a fault of the store, or with QueryInvalid.
 */
export function history(
  ledger: Ledger,
  query: PostingQueryInput,
): ResultAsync<Page<HistoryEntry>, StoreFault | QueryInvalid> {
  return new ResultAsync(readHistory(ledger, query));
}

/**
 * The records that make a balance what it is, from its first one on: all of them are read, so it costs what the balance
 * has been through. For long pasts see {@link history}. Fails with a fault of the store, or with QueryInvalid.
 */
export function explain(ledger: Ledger, query: BalanceAtInput): ResultAsync<Explanation, StoreFault | QueryInvalid> {
  return new ResultAsync(readAll(ledger, query));
}

async function readHistory(ledger: Ledger, query: PostingQueryInput): Asked<Page<HistoryEntry>> {
  const page = await ledger.postings(query);
  if (page.isErr()) return err(page.error);
  const { items, next, asOf } = page.value;
  const [first] = items;
  if (first === undefined) return ok({ items: [], next, asOf });
  const { locationId, variantId } = query;
  const before = await ledger.balanceAt({ locationId, variantId, asOf: first.sequence - 1 });
  if (before.isErr()) return err(before.error);
  const records = await ResultAsync.combine(items.map(posting => recordAt(ledger, posting)));
  if (records.isErr()) return err(records.error);
  return ok({ items: entriesOf(items, records.value, before.value.onHand), next, asOf });
}

function recordAt(ledger: Ledger, { sequence }: StoredPosting): ResultAsync<StoredRecord, StoreFault | QueryInvalid> {
  return ledger.journal({ after: sequence - 1, limit: 1 }).map(({ items }) => items[0] as StoredRecord);
}

function entriesOf(
  postings: readonly StoredPosting[],
  records: readonly StoredRecord[],
  before: number,
): readonly HistoryEntry[] {
  return postings.map(({ onHand }, index) => {
    const delta = onHand - (postings[index - 1]?.onHand ?? before);
    return { record: records[index] as StoredRecord, delta, onHand };
  });
}

async function readAll(ledger: Ledger, { asOf, ...balance }: BalanceAtInput): Asked<Explanation> {
  const now = await ledger.balanceAt({ ...balance, asOf });
  if (now.isErr()) return err(now.error);
  const entries: HistoryEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await readHistory(ledger, { ...balance, cursor });
    if (page.isErr()) return err(page.error);
    entries.push(...page.value.items.filter(({ record }) => record.sequence <= now.value.asOf));
    cursor = page.value.next ?? undefined;
  } while (cursor !== undefined && Number(cursor) < now.value.asOf);
  return ok({ onHand: now.value.onHand, asOf: now.value.asOf, entries });
}
