import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { StoreFault } from '../ledger/fault.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type BalanceQueryInput, PAGE_LIMIT_MAX, type QueryInvalid } from '../ledger/query.ts';
import { type Balance, type BalanceKey, compareKeys } from '../model/balance.ts';

/** The balances of a ledger: as they are, or as they were after a sequence. */
export type BalancesOf = Readonly<{ ledger: Ledger; asOf?: number | undefined }>;

/** One balance that differs. Amounts are smallest units; stock that never moved is 0. */
export type Difference = BalanceKey & Readonly<{ one: number; other: number }>;

/**
 * What differs between two times of a ledger, or between two ledgers, in the order of variant and location. Both are read
 * page by page, side by side; only what differs is kept. Fails with a fault of a store, or with QueryInvalid.
 */
export function diff(
  one: BalancesOf,
  other: BalancesOf,
): ResultAsync<readonly Difference[], StoreFault | QueryInvalid> {
  return new ResultAsync(readBoth(new Walk(one), new Walk(other)));
}

async function readBoth(one: Walk, other: Walk): Promise<Result<readonly Difference[], StoreFault | QueryInvalid>> {
  const differences: Difference[] = [];
  for (;;) {
    const [a, b] = [await one.peek(), await other.peek()];
    if (a.isErr()) return err(a.error);
    if (b.isErr()) return err(b.error);
    if (a.value === null && b.value === null) return ok(differences);
    const order = a.value === null ? 1 : b.value === null ? -1 : compareKeys(a.value, b.value);
    const [left, right] = [order <= 0 ? one.take() : null, order >= 0 ? other.take() : null];
    const { variantId, locationId } = (left ?? right) as Balance;
    const [ours, theirs] = [left?.onHand ?? 0, right?.onHand ?? 0];
    if (ours !== theirs) differences.push({ variantId, locationId, one: ours, other: theirs });
  }
}

/** Balances one after the other. */
class Walk {
  readonly #ledger: Ledger;
  #query: BalanceQueryInput;
  #page: readonly Balance[] = [];
  #place = 0;
  #isLast = false;

  constructor({ ledger, asOf }: BalancesOf) {
    this.#ledger = ledger;
    this.#query = { asOf, limit: PAGE_LIMIT_MAX };
  }

  /** The next balance, null at the end. */
  async peek(): Promise<Result<Balance | null, StoreFault | QueryInvalid>> {
    while (this.#place === this.#page.length && !this.#isLast) {
      const read = await this.#ledger.balances(this.#query);
      if (read.isErr()) return err(read.error);
      const { items, next, asOf } = read.value;
      // The first page settles of which sequence all of them are.
      this.#query = { ...this.#query, asOf, cursor: next ?? undefined };
      this.#page = items;
      this.#place = 0;
      this.#isLast = next === null;
    }
    return ok(this.#page[this.#place] ?? null);
  }

  /** Passes over the balance that was looked at. */
  take(): Balance {
    const balance = this.#page[this.#place] as Balance;
    this.#place += 1;
    return balance;
  }
}
