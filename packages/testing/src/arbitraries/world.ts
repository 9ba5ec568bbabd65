import { deriveSystemLocations, type OrganizationId, type SystemLocations, type Uuid } from '@stockfold/core';
import fc from 'fast-check';
import { id, ids } from './id.ts';

/** A variant and its product, with parsed ids. */
export type WorldVariant = Readonly<{ productId: Uuid; variantId: Uuid }>;

/** A small shop: everything that movements can name. */
export type World = Readonly<{
  organizationId: OrganizationId;
  /** The system locations that a ledger derives from the organization. */
  locations: SystemLocations;
  /** One to three variants of each of one to three products. */
  variants: readonly WorldVariant[];
}>;

const PRODUCTS_MAX = 3;
const VARIANTS_MAX = 3;

/**
 * A small shop. It shrinks towards one product with one variant.
 *
 * @example `fc.asyncProperty(world, async shop => { const ledger = createLedger({ store, organizationId: shop.organizationId }); … })`
 */
export const world: fc.Arbitrary<World> = fc
  .record({
    organizationId: id,
    sizes: fc.array(fc.integer({ min: 1, max: VARIANTS_MAX }), { minLength: 1, maxLength: PRODUCTS_MAX }),
    names: ids(PRODUCTS_MAX * (1 + VARIANTS_MAX)),
  })
  .map(({ organizationId, sizes, names }) => ({
    organizationId,
    locations: deriveSystemLocations(organizationId),
    variants: sizes.flatMap((size, product) => variantsOf(names, product).slice(0, size)),
  }));

function variantsOf(names: readonly Uuid[], product: number): readonly WorldVariant[] {
  const first = product * (1 + VARIANTS_MAX);
  const productId = names[first] as Uuid;
  return names.slice(first + 1, first + 1 + VARIANTS_MAX).map(variantId => ({ productId, variantId }));
}

/** The products of a shop, each once. */
export function productsOf(shop: Pick<World, 'variants'>): readonly Uuid[] {
  return [...new Set(shop.variants.map(variant => variant.productId))];
}
