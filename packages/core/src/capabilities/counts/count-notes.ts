import type { ResultAsync } from 'neverthrow';
import type { StoreFault } from '../../ledger/fault.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { QueryInvalid } from '../../ledger/query.ts';
import type { BalanceKey } from '../../model/balance.ts';
import type { Note } from '../../model/note.ts';
import type { Variance } from './count.ts';

/** The note of the last count of a balance, by which two that write at once find each other. */
export const LAST = 'count';

/** A note for each count: balance by balance, in the order in which they were observed. */
export const EACH = 'counted';

/** What the last count of a balance is remembered by. */
export type LastCount = Readonly<{ observedAt: number; counted: number }>;

/** The id of a balance in a note. */
export function keyText({ variantId, locationId }: BalanceKey): string {
  return `${variantId}.${locationId}`;
}

/** The id of the note of one count. */
export function countId(key: BalanceKey, observedAt: number, commandId: string): string {
  return `${momentId(key, observedAt)}.${commandId.toLowerCase()}`;
}

/** Where the counts of a balance begin that were observed at a time or later. */
export function momentId(key: BalanceKey, at: number): string {
  return `${keyText(key)}.${String(Math.max(0, at)).padStart(16, '0')}`;
}

/** The last count of a balance; undefined when it was never counted. */
export function lastCount(ledger: Ledger, key: BalanceKey): ResultAsync<Note | undefined, StoreFault | QueryInvalid> {
  return ledger.notes({ kind: LAST, prefix: keyText(key), limit: 1 }).map(({ items }) => items[0]);
}

/** The first count of a balance that was observed at a time or later: the one that has seen what occurred by then. */
export function countAfter(
  ledger: Ledger,
  key: BalanceKey,
  at: number,
): ResultAsync<Note | undefined, StoreFault | QueryInvalid> {
  const query = { kind: EACH, prefix: keyText(key), cursor: momentId(key, at), limit: 1 };
  return ledger.notes(query).map(({ items }) => items[0]);
}

/** What a note says of a count. */
export function varianceOf({ body }: Note): Variance {
  return body as Variance;
}
