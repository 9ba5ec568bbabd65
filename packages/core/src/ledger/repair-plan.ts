import { err, ok, type ResultAsync, safeTry } from 'neverthrow';
import { onHandOf } from '../model/balance.ts';
import type { LocationId, OrganizationId, ProductId, Uuid, VariantId } from '../model/id.ts';
import { linesOf, type StoredRecord } from '../model/journal.ts';
import type { NoteKey } from '../model/note.ts';
import type { Breaches } from '../rules/audit.ts';
import { ConfigFold } from '../rules/config-fold.ts';
import { Fold } from '../rules/fold.ts';
import { LowStockFold } from '../rules/low-stock-fold.ts';
import { NoteFold } from '../rules/note-fold.ts';
import { tally } from '../rules/tally.ts';
import { type StoreFault, storeFault } from './fault.ts';
import { PAGE_LIMIT_MAX } from './query.ts';
import type { Repair, VariantRepair } from './repair.ts';
import type { LedgerStore } from './store.ts';

/** What is to be written over. */
export type Damage = Readonly<{
  policy: boolean;
  locations: ReadonlySet<LocationId>;
  products: ReadonlySet<ProductId>;
  /** `variantId.locationId` of low-stock rules. */
  rules: ReadonlySet<string>;
  notes: readonly NoteKey[];
  variants: ReadonlySet<VariantId>;
}>;

// Their whole past is held while it is written.
const VARIANTS_MAX = 1_000;

/** What of some breaches rows can put right; null when there is nothing. The rest of a long list comes at a later time. */
export function damageOf(breaches: Breaches): Damage | null {
  const ids = (what: string) =>
    new Set(
      breaches.flatMap(breach =>
        breach.invariant === 'configAgrees' && breach.what === what ? [breach.id as Uuid] : [],
      ),
    );
  const moved = breaches.flatMap(breach =>
    breach.invariant === 'matchesJournal' || breach.invariant === 'asOfAgrees' ? [breach.variantId] : [],
  );
  const damage: Damage = {
    policy: ids('policy').size > 0,
    locations: ids('location'),
    products: ids('tracking'),
    rules: ids('low-stock rule'),
    notes: breaches.flatMap(breach => (breach.invariant === 'notesAgree' ? [breach.note] : [])),
    variants: new Set([...moved, ...ids('product of variant')].slice(0, VARIANTS_MAX)),
  };
  const named = damage.locations.size + damage.products.size + damage.rules.size + damage.variants.size;
  // Rows too many are taken away by any repair.
  const isCounted = breaches.some(({ invariant }) => invariant === 'countsAgree');
  return damage.policy || isCounted || named + damage.notes.length > 0 ? damage : null;
}

/** Folds the journal, and writes down what it makes of the rows that are damaged; of all settings where `damage` is null. */
export function planRepair(
  store: LedgerStore,
  organizationId: OrganizationId,
  damage: Damage | null,
): ResultAsync<Repair, StoreFault> {
  return safeTry(async function* () {
    const folds = new Folds(damage?.variants ?? new Set());
    let [last, end] = [0, 1];
    while (last < end) {
      const { items, asOf } = yield* await store.journal({ organizationId, after: last, limit: PAGE_LIMIT_MAX });
      if (items.length === 0 && last < asOf) return err(notWhole());
      for (const record of items) {
        if (record.sequence !== last + 1) return err(notWhole());
        folds.add(record);
        last = record.sequence;
      }
      end = asOf;
    }
    return ok({ organizationId, sequence: end, ...folds.rows(damage) });
  });
}

function notWhole(): StoreFault {
  return storeFault('StoreFailed', 'records are missing from the journal: nothing is made of the rest');
}

/** What the journal makes of everything but the balances, and of the past of some variants. */
class Folds {
  readonly #config = new ConfigFold();
  readonly #lowStock = new LowStockFold();
  readonly #notes = new NoteFold();
  readonly #onHand = new Fold();
  readonly #rules = new Map<string, { variantId: VariantId; locationId: LocationId; productId: ProductId }>();
  readonly #noteKeys = new Map<string, NoteKey>();
  readonly #postings: Map<VariantId, VariantRepair['postings'][number][]>;

  constructor(variants: ReadonlySet<VariantId>) {
    this.#postings = new Map([...variants].map(id => [id, []]));
  }

  add(record: StoredRecord): void {
    this.#config.addRecord(record);
    this.#lowStock.addRecord(record);
    this.#notes.addRecord(record);
    const lines = linesOf(record).filter(({ variantId }) => this.#postings.has(variantId));
    this.#onHand.add(lines);
    for (const { key, delta } of tally(lines)) {
      const onHand = onHandOf(this.#onHand.onHand, key);
      const { locationId } = key;
      this.#postings.get(key.variantId)?.push({ locationId, sequence: record.sequence, delta, onHand });
    }
    for (const event of record.events) {
      if (event.kind === 'LowStockSet')
        for (const rule of event.rules) this.#rules.set(`${rule.variantId}.${rule.locationId}`, rule);
      if (event.kind === 'NotesWritten')
        for (const { kind, id } of event.notes) this.#noteKeys.set(`${kind} ${id}`, { kind, id });
    }
  }

  rows(damage: Damage | null): Omit<Repair, 'organizationId' | 'sequence'> {
    const { policy, tracked, products } = this.#config;
    return {
      policy: damage?.policy === false ? undefined : policy,
      locations: this.#locations(damage?.locations),
      tracking: [...(damage?.products ?? products)].map(productId => ({ productId, tracked: tracked.has(productId) })),
      lowStock: [...(damage?.rules ?? this.#rules.keys())].map(key => this.#rule(key)),
      notes: (damage?.notes ?? [...this.#noteKeys.values()]).map(({ kind, id }) => ({
        kind,
        id,
        state: this.#notes.get({ kind, id }) ?? null,
      })),
      variants: [...this.#postings].map(([variantId, postings]) => ({
        variantId,
        productId: this.#config.productOf.get(variantId) ?? null,
        postings,
      })),
    };
  }

  #locations(damaged: Damage['locations'] | undefined): Repair['locations'] {
    const opened = [...this.#config.locations.values()];
    return [...(damaged ?? this.#config.locations.keys())].map(id => {
      const place = opened.findIndex(location => location.id === id);
      const location = opened[place];
      return { id, location: location === undefined ? null : { ...location, place } };
    });
  }

  #rule(key: string): Repair['lowStock'][number] {
    const [variantId, locationId] = key.split('.') as [VariantId, LocationId];
    const productId = this.#rules.get(key)?.productId ?? ('' as ProductId);
    return (
      this.#lowStock.get({ variantId, locationId }) ?? { variantId, locationId, productId, level: null, alert: false }
    );
  }
}
