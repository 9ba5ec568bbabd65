import { err, ok, type Result } from 'neverthrow';
import { type BalanceKey, onHandOf } from '../model/balance.ts';
import type { LocationId, OrganizationId, VariantId } from '../model/id.ts';
import type { StoredRecord } from '../model/journal.ts';
import { type Breach, type Breaches, conserves, FloorCheck, follows } from '../rules/audit.ts';
import type { Fold } from '../rules/fold.ts';
import type { StoreFault } from './fault.ts';
import { PAGE_LIMIT_MAX } from './query.ts';
import type { BalanceQuery, LedgerStore } from './store.ts';

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
 * So other writers may go on, and no more is held than the balances, the command ids and one page.
 */
export async function verify(
  store: LedgerStore,
  organizationId: OrganizationId,
): Promise<Result<Verification, StoreFault>> {
  const journal = new JournalReader(store, organizationId);
  const balances = new BalanceCheck(journal.fold);
  const readPage = async (query: Omit<BalanceQuery, 'organizationId'>, asked: readonly BalanceKey[]) => {
    const page = await store.balances({ ...query, organizationId });
    if (page.isErr()) return err(page.error);
    return (await journal.readTo(page.value.asOf)).map(() => {
      balances.compare(page.value.items, asked);
      return page.value.next ?? undefined;
    });
  };
  let cursor: string | undefined;
  do {
    const next = await readPage({ cursor, limit: PAGE_LIMIT_MAX }, []);
    if (next.isErr()) return err(next.error);
    cursor = next.value;
  } while (cursor !== undefined);
  // A key without a row was either written after its page was read, or has lost its row: it is asked for by name.
  for (const key of balances.unseen()) {
    const looked = await readPage({ locationId: key.locationId, variantIds: [key.variantId], limit: 1 }, [key]);
    if (looked.isErr()) return err(looked.error);
  }
  const beyond = await journal.readBeyond();
  if (beyond.isErr()) return err(beyond.error);
  const breaches = [...journal.breaches, ...balances.breaches()];
  return ok({ ok: breaches.length === 0, records: journal.records, balances: balances.rows, breaches });
}

/** Compares stored balances with the fold, page by page. */
class BalanceCheck {
  rows = 0;
  readonly #fold: Fold;
  readonly #seen = new Map<VariantId, Set<LocationId>>();
  readonly #wrong: (Breach & { invariant: 'matchesJournal' })[] = [];

  constructor(fold: Fold) {
    this.#fold = fold;
  }

  /** The rows of a page, and the keys that were asked for by name: one of those without a row is stored as 0. */
  compare(items: readonly (BalanceKey & { readonly onHand: number })[], asked: readonly BalanceKey[]): void {
    for (const item of items) {
      this.rows += 1;
      this.#compareOne(item, item.onHand);
    }
    for (const key of asked) if (!this.#seen.get(key.variantId)?.has(key.locationId)) this.#compareOne(key, 0);
  }

  /** Keys that the journal has moved and that no page has shown. */
  unseen(): readonly BalanceKey[] {
    return [...this.#fold.entries()].filter(
      key => key.onHand !== 0 && !this.#seen.get(key.variantId)?.has(key.locationId),
    );
  }

  breaches(): Breaches {
    // Folded balances add up to zero at every moment, so the stored ones add up to what they are off by.
    const off = this.#wrong.map(({ variantId, locationId, stored, folded }) => ({
      variantId,
      locationId,
      onHand: stored - folded,
    }));
    return [...this.#wrong, ...conserves(off)];
  }

  #compareOne({ variantId, locationId }: BalanceKey, stored: number): void {
    const seen = this.#seen.get(variantId) ?? new Set();
    this.#seen.set(variantId, seen.add(locationId));
    const folded = onHandOf(this.#fold.onHand, { variantId, locationId });
    if (stored !== folded) this.#wrong.push({ invariant: 'matchesJournal', variantId, locationId, folded, stored });
  }
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
      const after = this.#before.sequence;
      const limit = Math.min(PAGE_LIMIT_MAX, sequence - after);
      const page = await this.#store.journal({ organizationId: this.#organizationId, after, limit });
      if (page.isErr()) return err(page.error);
      for (const record of page.value.items) this.#check(record);
      if (this.#before.sequence > after) continue;
      // The head speaks of more records than the journal gives.
      this.breaches.push({ invariant: 'sequenceIsDense', after, sequence, recordedAt: this.#before.recordedAt });
      this.#before = { ...this.#before, sequence };
    }
    return ok();
  }

  /** The head says where the journal ends: a record behind it was not written by a commit. */
  async readBeyond(): Promise<Result<void, StoreFault>> {
    const { sequence: after } = this.#before;
    const page = await this.#store.journal({ organizationId: this.#organizationId, after, limit: PAGE_LIMIT_MAX });
    if (page.isErr()) return err(page.error);
    const { items, asOf } = page.value;
    for (const { sequence, recordedAt } of items.filter(record => record.sequence > asOf))
      this.breaches.push({ invariant: 'sequenceIsDense', after: asOf, sequence, recordedAt });
    return ok();
  }

  #check(record: StoredRecord): void {
    this.records += 1;
    this.breaches.push(...follows(this.#before, record), ...this.#floors.next(record));
    const { commandId, sequence } = record;
    const known = this.#ids.get(commandId);
    if (known !== undefined) this.breaches.push({ invariant: 'recordsOnce', commandId, sequences: [known, sequence] });
    this.#ids.set(commandId, sequence);
    this.#before = record;
  }
}
