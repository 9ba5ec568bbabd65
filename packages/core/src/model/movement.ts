import type { LocationId, ProductId, VariantId } from './id.ts';
import type { SystemLocationType } from './location.ts';
import type { Quantity } from './quantity.ts';

/** Stock of one variant leaving one location for another. */
export type MovementLine = Readonly<{
  productId: ProductId;
  variantId: VariantId;
  from: LocationId;
  to: LocationId;
  /** Smallest units, 1 or more: for the other direction swap `from` and `to`. */
  quantity: Quantity;
}>;

/** A location's id, or the type of a system location, which stands for it. */
export type LocationRef = string;

/**
 * A variant and the product it belongs to.
 *
 * @see Zettle Inventory API: what is sold is a variant of a product.
 */
export type Variant = Readonly<{ productId: string; variantId: string }>;

/** A movement as a caller writes it, its quantity in smallest units; `execute` parses it once. */
export type MovementLineInput = Readonly<{
  productId: string;
  variantId: string;
  from: LocationRef;
  to: LocationRef;
  quantity: number;
}>;

/**
 * A restock: stock comes from SUPPLIER, whose balance falls below zero by what was ever bought.
 *
 * @param to - Where the goods are put; the id of a location, or `'STORE'`.
 * @param quantity - Smallest units of the variant (pieces, grams), 1 or more.
 * @returns A line for `RecordMovements`.
 * @see Zettle Inventory API, "Updating inventory balances": a restock moves SUPPLIER to STORE.
 */
export function restock(to: LocationRef, variant: Variant, quantity: number): MovementLineInput {
  return transfer(SYSTEM.SUPPLIER, to, variant, quantity);
}

/**
 * A sale: stock leaves a STORE location for SOLD.
 *
 * @param from - Where the goods were; the id of a location, or `'STORE'`.
 * @param quantity - Smallest units of the variant (pieces, grams), 1 or more.
 * @returns A line for `RecordMovements`, refused there with `StockInsufficient` when a floor would be broken.
 * @see Zettle Inventory API, "Updating inventory balances": a purchase moves STORE to SOLD.
 */
export function sale(from: LocationRef, variant: Variant, quantity: number): MovementLineInput {
  return transfer(from, SYSTEM.SOLD, variant, quantity);
}

/**
 * A refund: sold stock comes back.
 *
 * @param to - Where the goods are put; the id of a location, or `'STORE'`.
 * @param quantity - Smallest units of the variant (pieces, grams), 1 or more.
 * @returns A line for `RecordMovements`.
 * @see Zettle Inventory API: the movement from SOLD to STORE.
 */
export function refund(to: LocationRef, variant: Variant, quantity: number): MovementLineInput {
  return transfer(SYSTEM.SOLD, to, variant, quantity);
}

/**
 * A discard: stock is thrown away.
 *
 * @param from - Where the goods were; the id of a location, or `'STORE'`.
 * @param quantity - Smallest units of the variant (pieces, grams), 1 or more.
 * @returns A line for `RecordMovements`, refused there with `StockInsufficient` when a floor would be broken.
 * @see Zettle Inventory API, "How inventories work": BIN is where discarded goods go.
 */
export function discard(from: LocationRef, variant: Variant, quantity: number): MovementLineInput {
  return transfer(from, SYSTEM.BIN, variant, quantity);
}

/**
 * A transfer: stock goes from any location to any other.
 *
 * @param quantity - Smallest units of the variant (pieces, grams), 1 or more.
 * @returns A line for `RecordMovements`, refused there with `StockInsufficient` when a floor would be broken.
 */
export function transfer(from: LocationRef, to: LocationRef, variant: Variant, quantity: number): MovementLineInput {
  return { productId: variant.productId, variantId: variant.variantId, from, to, quantity };
}

const SYSTEM: { readonly [T in SystemLocationType]: T } = {
  STORE: 'STORE',
  SUPPLIER: 'SUPPLIER',
  SOLD: 'SOLD',
  BIN: 'BIN',
};
