import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeFailure, enumerateFaults, simulate } from '../../src/index.ts';
import { rounds } from '../rounds.ts';
import { SEED } from '../seed.ts';
import { SCENARIOS } from '../simulation/scenarios.ts';
import { createSqliteWorlds, type SqliteWorlds } from '../simulation/sqlite-worlds.ts';

const WORLDS = rounds({ short: 2_000, long: 12_000 });
const PAIRS = rounds({ short: 0, long: 1 }) === 1;
const MINUTES = 60_000;

let worlds: SqliteWorlds;
beforeAll(() => {
  worlds = createSqliteWorlds();
});
afterAll(() => worlds.remove());

it(
  `for any of ${WORLDS} worlds on a SQLite file, every promise is kept, and no state stays unseen`,
  async () => {
    const report = await simulate({ seed: SEED, worlds: WORLDS, openStore: worlds.openStore });
    expect(describeFailure(report)).toBe('every promise was kept');
    expect(report.blind).toEqual([]);
    console.log(`${report.worlds} worlds on a SQLite file: ${report.commands} commands, ${report.faults} faults`);
  },
  30 * MINUTES,
);

describe(`every fault at every call${PAIRS ? ', and every pair of faults' : ''}, on a SQLite file`, () => {
  const counts: number[] = [];

  it.each(Object.entries(SCENARIOS))(
    '%s',
    async (_, scenario) => {
      const { openStore } = worlds;
      const { placements, failures } = await enumerateFaults({ scenario, openStore, pairs: PAIRS });
      expect(failures).toEqual([]);
      counts.push(placements);
    },
    30 * MINUTES,
  );

  it(`come to ${PAIRS ? '30,000' : '2,500'} placements or more`, () => {
    const sum = counts.reduce((total, count) => total + count, 0);
    console.log(`${sum} placements of faults on a SQLite file`);
    expect(sum).toBeGreaterThanOrEqual(PAIRS ? 30_000 : 2_500);
  });
});
