import { createMemoryStore } from '@stockfold/store-memory';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { describe, expect, it } from 'vitest';
import { describeFailure, enumerateFaults, type SimulatedWorld, simulate } from '../../src/index.ts';
import { noStates } from '../../src/simulation/observe-store.ts';
import { runWorld } from '../../src/simulation/run-world.ts';
import { SEED } from '../seed.ts';
import { PLANTED_BUG_WORLDS, PLANTED_BUGS, REFUSES_WHAT_IS_DONE } from './planted-bugs.ts';
import { LONG_SCENARIOS, SCENARIOS } from './scenarios.ts';

const MINUTES = 60_000;

describe('simulated worlds', () => {
  it(
    'for any of 12,000 worlds on the memory store, every promise is kept, and no state stays unseen',
    async () => {
      const report = await simulate({ seed: SEED, worlds: 12_000, openStore: createMemoryStore });
      expect(describeFailure(report)).toBe('every promise was kept');
      expect(report.blind).toEqual([]);
      expect(report.commands).toBeGreaterThan(100_000);
      expect(report.faults).toBeGreaterThan(50_000);
    },
    15 * MINUTES,
  );

  it(
    'for any of 100 worlds on SQLite in memory, every promise is kept',
    async () => {
      const openStore = () => createSqliteStore({ path: ':memory:' });
      const report = await simulate({ seed: SEED, worlds: 100, openStore });
      expect(describeFailure(report)).toBe('every promise was kept');
    },
    10 * MINUTES,
  );

  it('are the same for the same seed, to the last step, and others for another', async () => {
    const run = (seed: number) => simulate({ seed, worlds: 100, openStore: createMemoryStore });
    const first = await run(5);
    expect(await run(5)).toEqual(first);
    expect(await run(6)).not.toEqual({ ...first, seed: 6 });
  });

  it('run again, alone, from the path of a failure', async () => {
    const [, subject] = PLANTED_BUGS[0] ?? [];
    if (subject === undefined) throw new Error('there is no planted bug');
    const { failure } = await simulate({ ...subject, seed: 1 });
    const again = await simulate({ ...subject, seed: 1, path: failure?.path ?? '' });
    expect(again.failure?.world).toEqual(failure?.world);
    expect(again.worlds).toBeLessThan(100);
    expect(describeFailure(again)).toContain(`path: '${failure?.path}'`);
  });
});

describe('every fault at every call, and every pair of faults', () => {
  const counts: number[] = [];

  it.each(Object.entries(SCENARIOS))(
    '%s',
    async (_, scenario) => {
      const { placements, failures } = await enumerateFaults({ scenario, openStore: createMemoryStore });
      expect(failures).toEqual([]);
      counts.push(placements);
    },
    10 * MINUTES,
  );

  it.each(Object.entries(LONG_SCENARIOS))(
    '%s, and every fault alone',
    async (_, scenario) => {
      const options = { scenario, openStore: createMemoryStore, orders: [0], pairs: false };
      const { placements, failures } = await enumerateFaults(options);
      expect(failures).toEqual([]);
      counts.push(placements);
    },
    10 * MINUTES,
  );

  it('come to 30,000 placements or more', () => {
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(30_000);
  });
});

describe('a request that is refused although it was carried out', () => {
  it('shows where its answer is lost, and then the look whether it was', async () => {
    const scenario = SCENARIOS['a restock is taken back'] as Omit<SimulatedWorld, 'faults' | 'order'>;
    const broken = new Set<string>();
    for (let lost = 0; lost < 12; lost++)
      for (let failed = lost + 1; failed < 16; failed++) {
        const faults = [
          { at: lost, kind: 'failAfter', n: 1 },
          { at: failed, kind: 'failBefore', n: 1 },
        ] as const;
        const { violations } = await runWorld({ ...scenario, faults, order: 0 }, REFUSES_WHAT_IS_DONE, noStates());
        for (const { promise } of violations) broken.add(promise);
      }
    expect([...broken]).toEqual(['what is recorded is not refused']);
  });
});

describe(`a planted bug shows within ${PLANTED_BUG_WORLDS} worlds`, () => {
  it.each(PLANTED_BUGS)(
    '%s',
    async (_, subject) => {
      const { failure } = await simulate({ ...subject, seed: SEED, worlds: PLANTED_BUG_WORLDS });
      expect(failure).not.toBeNull();
      // What is left of the world is short enough to read.
      expect(failure?.world.clients.flat().length).toBeLessThanOrEqual(10);
      expect(failure?.world.faults.length).toBeLessThanOrEqual(5);
    },
    5 * MINUTES,
  );
});
