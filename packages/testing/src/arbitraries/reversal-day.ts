import fc from 'fast-check';

/** What happens in a shop of two variants: something moves, or what was done at some place of the day is taken back. */
export type ReversalOp =
  | Readonly<{ kind: 'move'; lines: readonly ReversibleLine[] }>
  /** Moves nothing; or moves something, and leaves a note that nobody but its writer can take away. */
  | Readonly<{ kind: 'track' }>
  | Readonly<{ kind: 'note'; lines: readonly ReversibleLine[] }>
  | Readonly<{ kind: 'reverse'; place: number; force: boolean }>;

/** Pieces of a variant, counted from 0, that come or go. */
export type ReversibleLine = Readonly<{
  move: 'sale' | 'restock' | 'discard' | 'refund';
  variant: number;
  pieces: number;
}>;

/** What happens, and how many things at once. */
export type ReversalDay = Readonly<{ ops: readonly ReversalOp[]; width: number }>;

const line: fc.Arbitrary<ReversibleLine> = fc.record({
  move: fc.constantFrom('sale', 'restock', 'discard', 'refund'),
  variant: fc.nat({ max: 1 }),
  pieces: fc.integer({ min: 1, max: 4 }),
});

const op: fc.Arbitrary<ReversalOp> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(line, { minLength: 1, maxLength: 3 }).map(lines => ({ kind: 'move' as const, lines })),
  },
  {
    weight: 8,
    // Few places, so that one is often taken back twice; some of them are yet to come, or are reversals.
    arbitrary: fc
      .record({ place: fc.nat({ max: 6 }), force: fc.constantFrom(false, false, true) })
      .map(reversed => ({ kind: 'reverse' as const, ...reversed })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'track' as const }) },
  { weight: 1, arbitrary: line.map(line => ({ kind: 'note' as const, lines: [line] })) },
);

/** A day of movements and reversals. It shrinks towards one thing after the other. */
export const reversalDay: fc.Arbitrary<ReversalDay> = fc.record({
  ops: fc.array(op, { minLength: 1, maxLength: 14, size: 'max' }),
  width: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 4 })),
});
