import {
  type BalanceKey,
  type CommandId,
  type Commit,
  type ConfigChange,
  deriveSystemLocations,
  type LocationId,
  type MovementLine,
  type OrganizationId,
  type SystemLocations,
  type SystemLocationType,
  systemLocationList,
  type Uuid,
} from '@stockfold/core';
import type { WorldVariant } from '../arbitraries/world.ts';

// Ids that are easy to tell apart in a message; the last digits order them.
const uuid = (group: string, number: number) =>
  `${group.padEnd(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}` as Uuid;

/** The organization of most tests. */
export const SHOP: OrganizationId = uuid('a', 1);
/** Another one in the same store. */
export const NEIGHBOUR: OrganizationId = uuid('b', 1);
/** The system locations of {@link SHOP}; {@link NEIGHBOUR} uses the same ids. */
export const PLACES: SystemLocations = deriveSystemLocations(SHOP);

/** Two variants of one product, and one of another; they sort in this order. */
export const MUG: WorldVariant = { productId: uuid('c', 1), variantId: uuid('d', 1) };
export const LARGE_MUG: WorldVariant = { productId: uuid('c', 1), variantId: uuid('d', 2) };
export const PLATE: WorldVariant = { productId: uuid('c', 2), variantId: uuid('d', 3) };

/** The id of the n-th command. */
export function commandId(number: number): CommandId {
  return uuid('e', number);
}

/** The n-th variant of a large range, of the product of {@link PLATE}; they sort by number. */
export function variantNumber(number: number): WorldVariant {
  return { productId: PLATE.productId, variantId: uuid('f', number) };
}

/** A movement between system locations. */
export function moving(
  variant: WorldVariant,
  from: SystemLocationType,
  to: SystemLocationType,
  quantity: number,
): MovementLine {
  return { ...variant, from: PLACES[from], to: PLACES[to], quantity: quantity as MovementLine['quantity'] };
}

/** The balance of a variant at a system location. */
export function keyOf(variant: WorldVariant, place: SystemLocationType): BalanceKey {
  return { variantId: variant.variantId, locationId: PLACES[place] satisfies LocationId };
}

/** Opens the four system locations and starts to track both products: configuration version 1, sequence 1. */
export function foundingOf(organizationId: OrganizationId = SHOP): Commit {
  const locations = systemLocationList(PLACES);
  const config: ConfigChange[] = locations.map(location => ({ kind: 'Location', location }));
  const products = [MUG.productId, PLATE.productId];
  for (const productId of products) config.push({ kind: 'Tracking', productId, tracked: true });
  const events = [
    ...locations.map(location => ({ kind: 'LocationOpened', location }) as const),
    ...products.map(productId => ({ kind: 'TrackingStarted', productId }) as const),
  ];
  const records = [{ commandId: commandId(1), externalUuid: null, events }];
  return {
    organizationId,
    configVersion: 0,
    at: 1_000,
    records,
    balances: [],
    postings: [],
    config,
    assumed: [],
    observe: [],
  };
}
