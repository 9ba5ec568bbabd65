import fc from 'fast-check';
import type { HoldOp } from '../holds-model.ts';

/** What happens on a shelf with holds, and how many things at once. */
export type HoldDay = Readonly<{ stock: readonly [number, number]; ops: readonly HoldOp[]; width: number }>;

const variant = fc.nat({ max: 1 });
const quantity = fc.integer({ min: 1, max: 4 });
const hold = fc.nat({ max: 7 });
const part = { hold, quantity: fc.option(quantity, { freq: 1 }) };
const moved = { variant, quantity };

const op: fc.Arbitrary<HoldOp> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        lines: fc.uniqueArray(fc.record({ hold, variant, quantity }), {
          selector: line => line.hold,
          minLength: 1,
          maxLength: 3,
        }),
        ttl: fc.option(fc.integer({ min: 1, max: 6 }), { freq: 2 }),
      })
      .map(reserve => ({ kind: 'reserve' as const, ...reserve })),
  },
  { weight: 6, arbitrary: fc.record(part).map(post => ({ kind: 'post' as const, ...post })) },
  { weight: 3, arbitrary: fc.record(part).map(release => ({ kind: 'release' as const, ...release })) },
  { weight: 5, arbitrary: fc.record(moved).map(sold => ({ kind: 'sell' as const, ...sold })) },
  { weight: 2, arbitrary: fc.record(moved).map(bought => ({ kind: 'restock' as const, ...bought })) },
  { weight: 1, arbitrary: fc.record(moved).map(lost => ({ kind: 'lose' as const, ...lost })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'sweep' as const }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }).map(ms => ({ kind: 'wait' as const, ms })) },
);

/** A day with holds, sales, losses and a clock. It shrinks towards one thing after the other. */
export const holdDay: fc.Arbitrary<HoldDay> = fc.record({
  stock: fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 })),
  ops: fc.array(op, { minLength: 1, maxLength: 16, size: 'max' }),
  width: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 5 })),
});
