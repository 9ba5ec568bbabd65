import type { LocationId, OrganizationId } from './id.ts';

/**
 * What a location is for. STORE holds the sellable stock; SUPPLIER, SOLD and BIN are where goods come from and go
 * to; TRANSIT is under way; ADJUSTMENT settles counts.
 *
 * @see Zettle Inventory API, "How inventories work", for the first four.
 */
export const LOCATION_TYPES = ['STORE', 'SUPPLIER', 'SOLD', 'BIN', 'TRANSIT', 'ADJUSTMENT'] as const;
/** One of {@link LOCATION_TYPES}. */
export type LocationType = (typeof LOCATION_TYPES)[number];

/** The types of which every organization has one location from the beginning: its system locations. */
export const SYSTEM_LOCATION_TYPES = ['STORE', 'SUPPLIER', 'SOLD', 'BIN'] as const;
/** One of {@link SYSTEM_LOCATION_TYPES}. */
export type SystemLocationType = (typeof SYSTEM_LOCATION_TYPES)[number];

/**
 * Where stock is, really or on paper.
 *
 * @see Zettle Inventory API, "How inventories work".
 */
export type Location = Readonly<{
  id: LocationId;
  type: LocationType;
  name: string;
  /** One of the four that the organization began with; the type's name stands for it in a command. */
  system: boolean;
}>;

/** The ids of an organization's four system locations. */
export type SystemLocations = Readonly<Record<SystemLocationType, LocationId>>;

/**
 * The system locations of an organization that has not been given others.
 *
 * They are derived from its id, so that two processes that open the same empty organization agree without asking.
 * The result is a UUID of version 8 ("vendor specific"): the organization's own bits with the location type in the
 * third group.
 */
export function deriveSystemLocations(organizationId: OrganizationId): SystemLocations {
  const derive = (index: number) => `${organizationId.slice(0, 14)}8${index}${organizationId.slice(16)}` as LocationId;
  return { STORE: derive(1), SUPPLIER: derive(2), SOLD: derive(3), BIN: derive(4) };
}

/** The four locations an organization begins with, in the order of {@link SYSTEM_LOCATION_TYPES}. */
export function systemLocationList(ids: SystemLocations): readonly Location[] {
  return SYSTEM_LOCATION_TYPES.map(type => ({ id: ids[type], type, name: type, system: true }));
}
