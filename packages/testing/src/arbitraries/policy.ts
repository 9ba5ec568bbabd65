import type { PolicyInput } from '@stockfold/core';
import fc from 'fast-check';
import type { World, WorldVariant } from './world.ts';

/** A policy before it is known of which shop: positions instead of ids, so that it shrinks by itself. */
export type PolicyDraft = Readonly<{
  ofType: number | null;
  /** Undefined where the place itself is not named. */
  ofPlace: number | null | undefined;
  ofVariants: readonly (readonly [variant: number, floor: number | null])[];
}>;

const floor = fc.integer({ min: -2, max: 3 });
const floorOrNone: fc.Arbitrary<number | null> = fc.option(floor, { freq: 4 });

/** The draft of a policy; {@link policyIn} puts it into a shop. It shrinks towards a floor of 0 at STORE. */
export const policyDraft: fc.Arbitrary<PolicyDraft> = fc.record({
  ofType: floorOrNone,
  ofPlace: fc.option(floorOrNone, { nil: undefined, freq: 1 }),
  ofVariants: fc.array(fc.tuple(fc.nat({ max: 8 }), floorOrNone), { maxLength: 3 }),
});

/** A draft as a policy of a shop: for STORE by its type and by its name, and for some variants. */
export function policyIn(shop: World, { ofType, ofPlace, ofVariants }: PolicyDraft): PolicyInput {
  const variants = ofVariants.map(([variant, least]) => {
    const { variantId } = shop.variants[variant % shop.variants.length] as WorldVariant;
    return [variantId, least] as const;
  });
  return {
    floors: { STORE: ofType },
    ...(ofPlace === undefined ? {} : { locations: { STORE: ofPlace } }),
    ...(variants.length === 0 ? {} : { variants: Object.fromEntries(variants) }),
  };
}

/**
 * What a shop allows: a floor at STORE or none, and others for the place and for some variants.
 *
 * @example `world.chain(shop => policy(shop).map(allowed => createLedger({ store, policy: allowed })))`
 */
export function policy(shop: World): fc.Arbitrary<PolicyInput> {
  return policyDraft.map(draft => policyIn(shop, draft));
}
