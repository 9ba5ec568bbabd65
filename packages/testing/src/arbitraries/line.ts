import { type MovementLine, type MovementLineInput, SYSTEM_LOCATION_TYPES, transfer } from '@stockfold/core';
import fc from 'fast-check';
import { quantity } from './quantity.ts';
import type { World, WorldVariant } from './world.ts';

/** A movement before it is known in which shop: positions instead of ids, so that it shrinks by itself. */
export type LineDraft = Readonly<{ variant: number; from: number; steps: number; pieces: number }>;

const TYPES = SYSTEM_LOCATION_TYPES.length;

/** The draft of a movement; {@link lineIn} puts it into a shop. */
export const lineDraft: fc.Arbitrary<LineDraft> = fc.record({
  variant: fc.nat({ max: 8 }),
  from: fc.nat({ max: TYPES - 1 }),
  // From one location on to another of the four: never 0 or 4 steps, so never to itself.
  steps: fc.integer({ min: 1, max: TYPES - 1 }),
  pieces: quantity,
});

/** A draft as a movement of a shop. */
export function lineIn(shop: World, { variant, from, steps, pieces }: LineDraft): MovementLine {
  const moved = shop.variants[variant % shop.variants.length] as WorldVariant;
  const [source, target] = [from, (from + steps) % TYPES].map(
    position => shop.locations[SYSTEM_LOCATION_TYPES[position] ?? 'STORE'],
  );
  return transfer(source ?? '', target ?? '', moved, pieces) as MovementLineInput & MovementLine;
}

/**
 * A movement between two different system locations of a shop. It shrinks towards 1 piece of the first variant.
 *
 * @example `world.chain(shop => fc.array(line(shop)))`
 */
export function line(shop: World): fc.Arbitrary<MovementLine> {
  return lineDraft.map(draft => lineIn(shop, draft));
}
