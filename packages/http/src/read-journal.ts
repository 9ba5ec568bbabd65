import {
  type JournalQueryInput,
  type Ledger,
  PAGE_LIMIT_MAX,
  type Page,
  type QueryInvalid,
  type StoredRecord,
  type StoreFault,
} from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';

/** A page of the journal ends before it gets longer than this, in characters of JSON; it always has one record. */
export const PAGE_LENGTH_MAX = 4_194_304;

// A record may have half a million characters, so few are looked at before it is known how long these are.
const RECORDS_FIRST = 8;
const RECORDS_MAX = 100;

/**
 * A page of the journal for somebody far away: no more records than were asked for, and no more text than
 * {@link PAGE_LENGTH_MAX}. It is read piece by piece, so that what does not fit is not read either, but for one piece.
 */
export async function readJournal(
  ledger: Ledger,
  query: JournalQueryInput,
): Promise<Result<Page<StoredRecord>, StoreFault | QueryInvalid>> {
  const { limit = 100, ...from } = query;
  // What is no limit is the ledger's to refuse.
  if (!isLimit(limit)) return ledger.journal(query);
  const items: StoredRecord[] = [];
  let left = PAGE_LENGTH_MAX;
  let piece = Math.min(limit, RECORDS_FIRST);
  for (let start: JournalQueryInput = { ...from, limit: piece }; ; ) {
    const page = await ledger.journal(start);
    if (page.isErr()) return err(page.error);
    const { next, asOf } = page.value;
    for (const record of page.value.items) {
      left -= JSON.stringify(record).length;
      if (left < 0 && items.length > 0) return ok({ items, next: String(items.at(-1)?.sequence), asOf });
      items.push(record);
    }
    // A piece from which records were left out says that there is much to pass over, which is for another page.
    if (next === null || items.length >= limit || page.value.items.length < piece) return ok({ items, next, asOf });
    const mean = (PAGE_LENGTH_MAX - left) / items.length;
    piece = Math.max(1, Math.min(limit - items.length, RECORDS_MAX, Math.floor(left / mean)));
    start = { ...from, after: undefined, cursor: next, limit: piece };
  }
}

function isLimit(limit: number): boolean {
  return Number.isSafeInteger(limit) && limit >= 1 && limit <= PAGE_LIMIT_MAX;
}
