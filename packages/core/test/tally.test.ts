import { describe, expect, it } from 'vitest';
import { expecting, parseCommand, sale, touches } from '../src/index.ts';
import type { MovementLine } from '../src/model/movement.ts';
import { tally } from '../src/rules/tally.ts';
import { MUG, PLACES, uuid } from './shop.ts';

/** Movements from A to B of each variant in turn, twice round. */
function rounds(variants: number): readonly MovementLine[] {
  const line = (n: number) => ({ productId: 'p', variantId: `v${n % variants}`, from: 'A', to: 'B', quantity: n + 1 });
  return Array.from({ length: 2 * variants }, (_, n) => line(n)) as unknown as readonly MovementLine[];
}

describe('adding lines up per balance', () => {
  it.each([1, 2, 4, 5, 6, 100])('names each balance once, in the order of first mention, of %i variants', variants => {
    const entries = tally(rounds(variants));
    const expected = Array.from({ length: variants }, (_, n) => {
      const moved = n + 1 + variants + n + 1;
      return [
        [`v${n}`, 'A', -moved],
        [`v${n}`, 'B', moved],
      ];
    }).flat();
    expect(entries.map(({ key, delta }) => [key.variantId, key.locationId, delta])).toEqual(expected);
  });
});

it('a command reads what it only expects, in the same list, once', () => {
  const expected = [expecting('BIN', MUG, 2), expecting('STORE', MUG, 4)];
  const command = parseCommand(
    { kind: 'RecordMovements', id: uuid(900), lines: [sale('STORE', MUG, 1)], expect: expected },
    PLACES,
  )._unsafeUnwrap();
  expect(touches(command).balances.map(({ locationId }) => locationId)).toEqual([
    PLACES.STORE,
    PLACES.SOLD,
    PLACES.BIN,
  ]);
});
