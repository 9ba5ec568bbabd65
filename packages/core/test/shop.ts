import {
  deriveSystemLocations,
  type Location,
  type LocationId,
  type OrganizationId,
  type ProductId,
  parseUuid,
  type Slice,
  type SystemLocations,
  systemLocationList,
  type Uuid,
  type VariantId,
} from '../src/index.ts';

/** A UUID that is easy to tell apart in a message. */
export function uuid(number: number): Uuid {
  return parseUuid(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`)._unsafeUnwrap();
}

export const SHOP: OrganizationId = uuid(1);
export const PLACES: SystemLocations = deriveSystemLocations(SHOP);

type Kept = Readonly<{ productId: ProductId; variantId: VariantId }>;
/** Two variants of one product, and one of another. */
export const MUG: Kept = { productId: uuid(10), variantId: uuid(11) };
export const LARGE_MUG: Kept = { productId: uuid(10), variantId: uuid(12) };
export const PLATE: Kept = { productId: uuid(20), variantId: uuid(21) };

/** A location under way between shops. */
export const VAN: Location = { id: uuid(30), type: 'TRANSIT', name: 'Van', system: false };

/** The four system locations and the van, both products tracked, nothing moved, no floors. */
export const NEW_SHOP: Slice = {
  configVersion: 1,
  policy: { floors: {} },
  locations: new Map<LocationId, Location>(
    [...systemLocationList(PLACES), VAN].map(location => [location.id, location]),
  ),
  tracked: new Set([MUG.productId, PLATE.productId]),
  productOf: new Map(),
  onHand: new Map(),
};
