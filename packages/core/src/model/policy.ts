import type { BalanceKey } from './balance.ts';
import type { LocationId, VariantId } from './id.ts';
import type { LocationType } from './location.ts';
import type { Scale } from './quantity.ts';
import type { Violation } from './rejection.ts';

/** The least that a balance may be, in smallest units; null where there is to be none. */
export type Floor = number | null;

/**
 * What an organization allows. Without floors every balance may fall below zero: a sale at a till has happened.
 *
 * Floors are kept at STORE locations, and wherever the location or its type has one. There, the floor of the variant
 * counts before that of the location, and that of the location before that of its type.
 */
export type Policy = Readonly<{
  /** By location type; a type that is absent has no floor. */
  floors: Readonly<Partial<Record<LocationType, number>>>;
  /** By location, {@link FLOORS_MAX} at most; null for a place that keeps none, whatever the variant. */
  locations?: Readonly<Record<LocationId, Floor>>;
  /** By variant, {@link FLOORS_MAX} at most; null for one that has none, wherever it is. */
  variants?: Readonly<Record<VariantId, Floor>>;
  /** Other commands leave what is promised by holds, wherever a floor is kept; absent: nothing is promised. */
  holds?: true;
  /**
   * How many decimals the amounts of the organization have outside: all of its records, and the floors here, are smallest
   * units. Absent for 0. It is settled by the first record.
   */
  scale?: Scale;
}>;

/** A policy as a caller writes it; ids in either case, and `'STORE'` and its like for their locations. */
export type PolicyInput = Readonly<{
  floors?: Readonly<Partial<Record<LocationType, Floor | undefined>>> | undefined;
  locations?: Readonly<Record<string, Floor>> | undefined;
  variants?: Readonly<Record<string, Floor>> | undefined;
  /** False when absent. */
  holds?: boolean | undefined;
  scale?: Scale | undefined;
}>;

/** The most locations, and the most variants, that have a floor of their own: every writer of the organization reads them. */
export const FLOORS_MAX = 1_000;

/** A scale that is none, or another than that of all that was recorded. */
export const SCALE_INVALID: Violation = {
  kind: 'ScaleInvalid',
  path: ['policy', 'scale'],
  message: 'must be 0 to 6, and stay what the first record made it',
};

/** No floor anywhere, as in the Zettle Inventory API. */
export const NO_FLOORS: Policy = { floors: {} };

/**
 * The floor of a balance.
 *
 * @param type - That of the location.
 * @returns Smallest units; `-Infinity` where there is none.
 */
export function floorOf(policy: Policy, key: BalanceKey, type: LocationType): number {
  const ofType = ownOf(policy.floors, type);
  if (policy.locations === undefined && policy.variants === undefined) return ofType ?? NONE;
  const ofPlace = ownOf(policy.locations, key.locationId);
  const least = ofPlace === undefined ? ofType : ofPlace;
  // Without a place that keeps floors, one of a variant would also hold where goods come from.
  if (least === null || (least === undefined && type !== 'STORE')) return NONE;
  const ofVariant = ownOf(policy.variants, key.variantId);
  return (ofVariant === undefined ? least : ofVariant) ?? NONE;
}

const NONE = Number.NEGATIVE_INFINITY;

/** Own fields only: a floor that somebody put on every object is none. */
function ownOf<K extends string, F>(floors: Readonly<Partial<Record<K, F>>> | undefined, name: K): F | undefined {
  return floors !== undefined && Object.hasOwn(floors, name) ? floors[name] : undefined;
}

/** The locations that have a floor of their own, or none of their own. */
export function locationsOf({ locations = {} }: Policy): readonly LocationId[] {
  return Object.keys(locations) as LocationId[];
}

/** Whether two policies say the same. */
export function samePolicy(a: Policy, b: Policy): boolean {
  return a === b || JSON.stringify(policyParts(a)) === JSON.stringify(policyParts(b));
}

/** The parts of a policy that say something, by name; the same for policies that say the same. */
export function policyParts(policy: Policy): unknown {
  return Object.entries(policy)
    .map(([name, part = {}]) => [name, typeof part === 'object' ? Object.entries(part).sort(byName) : [part]] as const)
    .filter(([, part]) => part.length > 0)
    .sort(byName);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
