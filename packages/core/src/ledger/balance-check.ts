import { ok, type ResultAsync, safeTry } from 'neverthrow';
import { type BalanceKey, onHandOf } from '../model/balance.ts';
import type { LocationId, OrganizationId, VariantId } from '../model/id.ts';
import { type Breach, type Breaches, conserves } from '../rules/audit.ts';
import type { StoreFault } from './fault.ts';
import type { JournalReader } from './journal-reader.ts';
import { PAGE_LIMIT_MAX } from './query.ts';
import type { BalanceQuery, LedgerStore } from './store.ts';

/** Compares stored balances with the fold, page by page: each page is of one moment, to which the journal is read. */
export class BalanceCheck {
  rows = 0;
  readonly #store: LedgerStore;
  readonly #organizationId: OrganizationId;
  readonly #journal: JournalReader;
  readonly #seen = new Map<VariantId, Set<LocationId>>();
  readonly #wrong: (Breach & { invariant: 'matchesJournal' })[] = [];

  constructor(store: LedgerStore, organizationId: OrganizationId, journal: JournalReader) {
    this.#store = store;
    this.#organizationId = organizationId;
    this.#journal = journal;
  }

  readAll(): ResultAsync<void, StoreFault> {
    const check = this;
    return safeTry(async function* () {
      let cursor: string | undefined;
      do cursor = yield* await check.#readPage({ cursor, limit: PAGE_LIMIT_MAX }, []);
      while (cursor !== undefined);
      // A key without a row was either written after its page was read, or has lost its row: it is asked for by name.
      for (const key of check.#unseen())
        yield* await check.#readPage({ locationId: key.locationId, variantIds: [key.variantId], limit: 1 }, [key]);
      return ok();
    });
  }

  /** Whether a balance was found not to match. */
  isWrong(key: BalanceKey): boolean {
    return this.#wrong.some(breach => breach.variantId === key.variantId && breach.locationId === key.locationId);
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

  /** Reads a page and compares it; `asked` are keys that were asked for by name: one without a row is stored as 0. */
  #readPage(
    query: Omit<BalanceQuery, 'organizationId'>,
    asked: readonly BalanceKey[],
  ): ResultAsync<string | undefined, StoreFault> {
    return this.#store.balances({ ...query, organizationId: this.#organizationId }).andThen(({ items, asOf, next }) =>
      this.#journal.readTo(asOf).map(() => {
        this.rows += items.length;
        for (const item of items) this.#compare(item, item.onHand);
        for (const key of asked) if (!this.#isSeen(key)) this.#compare(key, 0);
        return next ?? undefined;
      }),
    );
  }

  /** Keys that the journal has moved and that no page has shown. */
  #unseen(): readonly BalanceKey[] {
    return [...this.#journal.fold.entries()].filter(key => key.onHand !== 0 && !this.#isSeen(key));
  }

  #isSeen({ variantId, locationId }: BalanceKey): boolean {
    return this.#seen.get(variantId)?.has(locationId) === true;
  }

  #compare({ variantId, locationId }: BalanceKey, stored: number): void {
    const seen = this.#seen.get(variantId) ?? new Set();
    this.#seen.set(variantId, seen.add(locationId));
    const folded = onHandOf(this.#journal.fold.onHand, { variantId, locationId });
    if (stored !== folded) this.#wrong.push({ invariant: 'matchesJournal', variantId, locationId, folded, stored });
  }
}
