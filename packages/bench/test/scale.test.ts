import { describe, expect, it } from 'vitest';
import { simulateDay } from '../src/scale/day.ts';

const WORLD = { organizations: 1_000, devices: 3, salesPerDevice: 200, linesPerSale: 3, hotShare: 0.2, seed: 1 };

describe('a day of shops', () => {
  it('has the sales that its devices make, and more of them in its busiest minute than in a mean one', () => {
    const day = simulateDay(WORLD);
    expect(day.commands / 600_000).toBeCloseTo(1, 1);
    expect(day.busiestPerSecond).toBeGreaterThan(600_000 / (12 * 3_600));
    expect(day.busiestOrganizationPerSecond).toBeLessThan(day.busiestPerSecond / 10);
    expect(day.hottestVariantPerSecond).toBeLessThan(day.busiestOrganizationPerSecond);
  });

  it('is the same day for the same seed, and another for another', () => {
    expect(simulateDay(WORLD)).toEqual(simulateDay(WORLD));
    expect(simulateDay({ ...WORLD, seed: 2 })).not.toEqual(simulateDay(WORLD));
  });
});
