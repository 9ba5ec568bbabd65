import type { Location, LocationId, ProductId, VariantId } from '@stockfold/core';
import type { Statements } from './statements.ts';

/** The integers that stand for ids, which never change once they are committed. */
export type InternedVariant = Readonly<{ variant: number; productId: ProductId }>;

// Enough for every variant that is sold in a day; beyond it the rows are read again.
const REMEMBERED_MAX = 100_000;

/**
 * Finds and hands out the integers of one organization, inside the transaction of a commit.
 *
 * It reads through a memory of committed integers. What it hands out is remembered only after COMMIT: an integer of a
 * transaction that was rolled back may come to stand for another id.
 */
export class Interned {
  readonly #organization: number;
  readonly #statements: Statements;
  readonly #memory: InternedMemory;
  readonly #locations = new Map<LocationId, number>();
  readonly #variants = new Map<VariantId, InternedVariant>();

  constructor(organization: number, statements: Statements, memory: InternedMemory) {
    this.#organization = organization;
    this.#statements = statements;
    this.#memory = memory;
  }

  /** Undefined for a location that was never opened. */
  location(id: LocationId): number | undefined {
    const known = this.#memory.locations.get(id) ?? this.#locations.get(id);
    if (known !== undefined) return known;
    const row = this.#statements.location.get(this.#organization, id);
    if (row !== undefined) this.#locations.set(id, row.location);
    return row?.location;
  }

  /** Undefined for a variant that never moved. */
  variant(id: VariantId): InternedVariant | undefined {
    const known = this.#memory.variants.get(id) ?? this.#variants.get(id);
    if (known !== undefined) return known;
    const row = this.#statements.variant.get(this.#organization, id);
    if (row === undefined) return undefined;
    const found = { variant: row.variant, productId: row.product_id as ProductId };
    this.#variants.set(id, found);
    return found;
  }

  addLocation({ id, type, name, system }: Location): void {
    const location = (this.#statements.lastLocation.get(this.#organization)?.last ?? 0) + 1;
    this.#statements.insertLocation.run(this.#organization, location, id, type, name, system ? 1 : 0);
    this.#locations.set(id, location);
  }

  addVariant(id: VariantId, productId: ProductId): InternedVariant {
    const variant = (this.#statements.lastVariant.get(this.#organization)?.last ?? 0) + 1;
    this.#statements.insertVariant.run(this.#organization, variant, id, this.product(productId));
    const added = { variant, productId };
    this.#variants.set(id, added);
    return added;
  }

  /** The integer of a product, handed out now if it has none. */
  product(id: ProductId): number {
    const row = this.#statements.product.get(this.#organization, id);
    if (row !== undefined) return row.product;
    const product = (this.#statements.lastProduct.get(this.#organization)?.last ?? 0) + 1;
    this.#statements.insertProduct.run(this.#organization, product, id, 0);
    return product;
  }

  /** To be called after COMMIT, and never after ROLLBACK. */
  remember(): void {
    for (const [id, location] of this.#locations) this.#memory.locations.set(id, location);
    for (const [id, variant] of this.#variants) this.#memory.variants.set(id, variant);
    if (this.#memory.variants.size > REMEMBERED_MAX) this.#memory.variants.clear();
    if (this.#memory.locations.size > REMEMBERED_MAX) this.#memory.locations.clear();
  }
}

/** Committed integers of one organization. */
export type InternedMemory = {
  readonly locations: Map<LocationId, number>;
  readonly variants: Map<VariantId, InternedVariant>;
};

/** Committed integers, by the integer of their organization. */
export type Memory = Map<number, InternedMemory>;
