import type { LocationId, ProductId, VariantId } from './id.ts';

/** Names one balance within an organization. */
export type BalanceKey = Readonly<{ variantId: VariantId; locationId: LocationId }>;

/**
 * Stock of a variant at a location: the fold of its movements.
 *
 * @see Zettle Inventory API, "Updating inventory balances", for the word.
 */
export type Balance = Readonly<{
  locationId: LocationId;
  productId: ProductId;
  variantId: VariantId;
  /** Smallest units; below zero where no floor forbids it. */
  onHand: number;
}>;

/**
 * On hand by variant, then by location; what is absent is 0. Two maps deep, since joined string keys cost five times as
 * much.
 *
 * @see GS1 EANCOM 17, for the word.
 */
export type OnHand = ReadonlyMap<VariantId, ReadonlyMap<LocationId, number>>;

/** The balance of one key in a fold; 0 for stock that never moved. */
export function onHandOf(balances: OnHand, key: BalanceKey): number {
  return balances.get(key.variantId)?.get(key.locationId) ?? 0;
}

/** The order of balances in every store and page: by variant, then by location, as text. */
export function compareKeys(a: BalanceKey, b: BalanceKey): number {
  if (a.variantId !== b.variantId) return a.variantId < b.variantId ? -1 : 1;
  if (a.locationId !== b.locationId) return a.locationId < b.locationId ? -1 : 1;
  return 0;
}
