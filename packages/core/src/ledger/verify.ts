import { err, ok, type Result } from 'neverthrow';
import { type BalanceKey, compareKeys, onHandOf } from '../model/balance.ts';
import type { OrganizationId } from '../model/id.ts';
import type { StoredRecord } from '../model/journal.ts';
import { type Breach, type Breaches, conserves, FloorCheck, follows } from '../rules/audit.ts';
import type { Fold } from '../rules/fold.ts';
import type { StoreFault } from './fault.ts';
import { PAGE_LIMIT_MAX } from './query.ts';
import type { LedgerStore } from './store.ts';

/** What `verify` looked at, and everything it found wrong. */
export type Verification = Readonly<{
  /** True when no invariant is breached. */
  ok: boolean;
  records: number;
  balances: number;
  breaches: Breaches;
}>;

/**
 * Reads the whole journal and every balance, and holds the invariants against them.
 *
 * Balances come in pages, each of one moment; the journal is folded up to that moment before the page is compared.
 * So other writers may go on, and no more is held than the balances and one page.
 */
export async function verify(
  store: LedgerStore,
  organizationId: OrganizationId,
): Promise<Result<Verification, StoreFault>> {
  const journal = new JournalReader(store, organizationId);
  const breaches: Breach[] = [];
  let balances = 0;
  let cursor: string | undefined;
  let last: BalanceKey | null = null;
  do {
    const page = await store.balances({ organizationId, cursor, limit: PAGE_LIMIT_MAX });
    if (page.isErr()) return err(page.error);
    const read = await journal.readTo(page.value.asOf);
    if (read.isErr()) return err(read.error);
    const { items, next } = page.value;
    breaches.push(...compare(journal.fold, items, last, next === null));
    balances += items.length;
    last = items.at(-1) ?? last;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  breaches.push(...journal.breaches, ...conserves(journal.fold.entries()));
  return ok({ ok: breaches.length === 0, records: journal.records, balances, breaches });
}

/** Compares one page with the fold: its rows, and the keys in its range that have no row. */
function compare(
  fold: Fold,
  items: readonly (BalanceKey & { onHand: number })[],
  after: BalanceKey | null,
  isLast: boolean,
): Breaches {
  const end = items.at(-1);
  const stored = new Map(items.map(item => [`${item.variantId}.${item.locationId}`, item]));
  const missing = [...fold.entries()].filter(
    key =>
      key.onHand !== 0 &&
      !stored.has(`${key.variantId}.${key.locationId}`) &&
      (after === null || compareKeys(key, after) > 0) &&
      (isLast || end === undefined || compareKeys(key, end) < 0),
  );
  return [...items, ...missing.map(key => ({ ...key, onHand: 0 }))]
    .filter(item => item.onHand !== onHandOf(fold.onHand, item))
    .map(({ variantId, locationId, onHand }) => ({
      invariant: 'matchesJournal',
      variantId,
      locationId,
      folded: onHandOf(fold.onHand, { variantId, locationId }),
      stored: onHand,
    }));
}

/** Folds the journal as far as it is asked to, and checks each record on the way. */
class JournalReader {
  readonly breaches: Breach[] = [];
  records = 0;
  readonly #store: LedgerStore;
  readonly #organizationId: OrganizationId;
  readonly #floors = new FloorCheck();
  readonly #ids = new Map<string, number>();
  #before = { sequence: 0, recordedAt: Number.NEGATIVE_INFINITY };

  constructor(store: LedgerStore, organizationId: OrganizationId) {
    this.#store = store;
    this.#organizationId = organizationId;
  }

  get fold(): Fold {
    return this.#floors.fold;
  }

  async readTo(sequence: number): Promise<Result<void, StoreFault>> {
    while (this.#before.sequence < sequence) {
      const limit = Math.min(PAGE_LIMIT_MAX, sequence - this.#before.sequence);
      const page = await this.#store.journal({
        organizationId: this.#organizationId,
        after: this.#before.sequence,
        limit,
      });
      if (page.isErr()) return err(page.error);
      if (page.value.items.length === 0) {
        // The head says that there are more records than the journal has.
        this.breaches.push({ invariant: 'sequenceIsDense', after: this.#before.sequence, sequence, recordedAt: 0 });
        return ok();
      }
      for (const record of page.value.items) this.#check(record);
    }
    return ok();
  }

  #check(record: StoredRecord): void {
    this.records += 1;
    this.breaches.push(...follows(this.#before, record), ...this.#floors.next(record));
    const known = this.#ids.get(record.commandId);
    if (known !== undefined)
      this.breaches.push({
        invariant: 'recordsOnce',
        commandId: record.commandId,
        sequences: [known, record.sequence],
      });
    this.#ids.set(record.commandId, record.sequence);
    this.#before = record;
  }
}
