import type { ProductOf } from '../model/commit.ts';
import type { LedgerEvent } from '../model/event.ts';
import type { LocationId, ProductId, VariantId } from '../model/id.ts';
import type { JournalRecord } from '../model/journal.ts';
import type { Location } from '../model/location.ts';
import { NO_FLOORS, type Policy } from '../model/policy.ts';

/** The configuration of an organization: what decisions read besides balances. */
export type Configuration = Readonly<{
  policy: Policy;
  locations: ReadonlyMap<LocationId, Location>;
  tracked: ReadonlySet<ProductId>;
  productOf: ProductOf;
}>;

/** The configuration that the records of a journal come to; by hand, like `Fold`. */
export class ConfigFold implements Configuration {
  policy: Policy = NO_FLOORS;
  readonly locations: Map<LocationId, Location> = new Map();
  readonly tracked: Set<ProductId> = new Set();
  readonly productOf: Map<VariantId, ProductId> = new Map();
  /** Every product that was ever tracked, also when it is no longer. */
  readonly products: Set<ProductId> = new Set();
  /** Variants that a record has moved as another product than the first: the rules refuse it. */
  readonly contested: Map<VariantId, ProductId> = new Map();

  /** Adds what a record did. Records in order, from the first. */
  addRecord(record: JournalRecord): this {
    for (const event of record.events) this.#add(event);
    return this;
  }

  #add(event: LedgerEvent): void {
    switch (event.kind) {
      case 'LocationOpened':
        this.locations.set(event.location.id, event.location);
        return;
      case 'PolicySet':
        this.policy = event.policy;
        return;
      case 'TrackingStarted':
        this.tracked.add(event.productId);
        this.products.add(event.productId);
        return;
      case 'TrackingStopped':
        this.tracked.delete(event.productId);
        this.products.add(event.productId);
        return;
      case 'MovementsRecorded':
        for (const { variantId, productId } of event.lines) {
          const settled = this.productOf.get(variantId);
          if (settled === undefined) this.productOf.set(variantId, productId);
          else if (settled !== productId) this.contested.set(variantId, productId);
        }
    }
  }
}
