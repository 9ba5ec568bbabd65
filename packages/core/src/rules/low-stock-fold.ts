import type { BalanceKey } from '../model/balance.ts';
import type { LocationId, VariantId } from '../model/id.ts';
import type { JournalRecord } from '../model/journal.ts';
import { isNoRule, type LowStockRule } from '../model/low-stock.ts';

/** The low-stock rules that the records of a journal come to; by hand, like `Fold`. */
export class LowStockFold {
  readonly #rules: Map<VariantId, Map<LocationId, LowStockRule>> = new Map();

  /** Adds what a record set. Records in order, from the first. */
  addRecord({ events }: JournalRecord): this {
    for (const event of events) if (event.kind === 'LowStockSet') for (const rule of event.rules) this.set(rule);
    return this;
  }

  /** The rule of a key; undefined when there is none. */
  get({ variantId, locationId }: BalanceKey): LowStockRule | undefined {
    return this.#rules.get(variantId)?.get(locationId);
  }

  /** Sets one rule; one that says nothing takes away what was there. */
  set(rule: LowStockRule): void {
    const ofVariant = this.#rules.get(rule.variantId) ?? new Map<LocationId, LowStockRule>();
    this.#rules.set(rule.variantId, ofVariant);
    if (isNoRule(rule)) ofVariant.delete(rule.locationId);
    else ofVariant.set(rule.locationId, rule);
  }

  /** Every rule there is. */
  *entries(): Generator<LowStockRule> {
    for (const ofVariant of this.#rules.values()) yield* ofVariant.values();
  }
}
