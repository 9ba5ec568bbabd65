import { expect, it } from 'vitest';
import { draw } from '../src/plots/draw.ts';

it('draws each point of each curve inside the picture, and a power of ten ten times as far up', () => {
  const curve = (name: string, ...costs: readonly number[]) => ({
    name,
    points: costs.map((microseconds, index) => ({ size: 10 ** (index + 3), microseconds })),
  });
  const svg = draw({
    name: 'a',
    title: 'Cost & size',
    sizes: 'variants',
    curves: [curve('one', 1, 10, 100), curve('other', 2, 2, 2)],
  });
  const dots = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(
    ([, x, y]) => [Number(x), Number(y)] as const,
  );
  // Three points and a key of each.
  expect(dots).toHaveLength(8);
  expect(dots.every(([x, y]) => x >= 0 && x <= 640 && y >= 0 && y <= 360)).toBe(true);
  const [[, low], [, middle], [, high]] = dots as [
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
  ];
  expect(low - middle).toBeCloseTo(middle - high, 0);
  expect(svg).toContain('Cost &amp; size');
  expect(svg).toContain('>100k<');
});
