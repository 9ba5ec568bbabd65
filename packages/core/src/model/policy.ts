import type { LocationType } from './location.ts';

/** What an organization allows. Without floors every balance may fall below zero: a sale at a till has happened. */
export type Policy = Readonly<{
  /** The least a balance may be, in smallest units, by location type; a type that is absent has no floor. */
  floors: Readonly<Partial<Record<LocationType, number>>>;
}>;

/** No floor anywhere, as in the Zettle Inventory API. */
export const NO_FLOORS: Policy = { floors: {} };

/** The floor of a location type, `-Infinity` where there is none. */
export function floorOf(policy: Policy, type: LocationType): number {
  // Own fields only: a floor that somebody put on every object is none.
  const floor = Object.hasOwn(policy.floors, type) ? policy.floors[type] : undefined;
  return floor ?? Number.NEGATIVE_INFINITY;
}

/** Whether two policies set the same floors. */
export function samePolicy(a: Policy, b: Policy): boolean {
  const types = new Set([...Object.keys(a.floors), ...Object.keys(b.floors)]) as Set<LocationType>;
  return [...types].every(type => a.floors[type] === b.floors[type]);
}
