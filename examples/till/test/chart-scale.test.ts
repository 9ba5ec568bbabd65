import fc from 'fast-check';
import { expect, it } from 'vitest';
import { roundTicks, timeTicks } from '../src/stock/chart-scale.ts';
import { stepsSince } from '../src/stock/steps.ts';

it('for any stock, the ticks are whole numbers from 0 that reach it, and at most six', () => {
  const property = fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), max => {
    const ticks = roundTicks(max);
    expect(ticks[0]).toBe(0);
    expect(ticks.every(Number.isInteger)).toBe(true);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(max);
    expect(ticks.length).toBeLessThanOrEqual(6);
  });
  fc.assert(property);
});

it('for any span, the moments lie within it, in order, and there is room for them', () => {
  const HOUR = 3_600_000;
  const start = new Date('2026-05-11T12:34:00').getTime();
  const property = fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 3, max: 12 }), (hours, most) => {
    const ticks = timeTicks(start, start + hours * HOUR, most).map(tick => tick.at);
    expect(ticks.every(at => at >= start && at <= start + hours * HOUR)).toBe(true);
    expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
    expect(ticks.length).toBeLessThanOrEqual(most + 1);
  });
  fc.assert(property);
});

it('a chart of the last hours begins with what was on the shelf then', () => {
  const steps = [
    { at: 10, onHand: 4 },
    { at: 20, onHand: 9 },
    { at: 30, onHand: 8 },
  ];
  expect(stepsSince(steps, 25)).toEqual([
    { at: 25, onHand: 9 },
    { at: 30, onHand: 8 },
  ]);
  expect(stepsSince(steps, 5)).toEqual(steps);
});
