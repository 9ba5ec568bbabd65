import { QUANTITY_MAX, type Quantity } from '@stockfold/core';
import fc from 'fast-check';

/**
 * What one movement carries: mostly a few pieces, at times as much as a movement may. It shrinks towards 1.
 *
 * @example `fc.property(quantity, pieces => parseQuantity(pieces).isOk())`
 */
export const quantity: fc.Arbitrary<Quantity> = fc
  .oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 20 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: QUANTITY_MAX }) },
    { weight: 1, arbitrary: fc.constant(QUANTITY_MAX) },
  )
  .map(pieces => pieces as Quantity);
