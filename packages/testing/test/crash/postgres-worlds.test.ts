import type { LedgerStore } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeFailure, enumerateFaults, type Subject, simulate } from '../../src/index.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { inNewOrganizations } from '../postgres/worlds.ts';
import { rounds } from '../rounds.ts';
import { SEED } from '../seed.ts';
import { takesNewIdForRetry } from '../simulation/broken-ledgers.ts';
import { SCENARIOS } from '../simulation/scenarios.ts';

// A world waits for its server most of the time, so several run at once.
const LANES = 8;
const TIMEOUT_MS = 3_600_000;

let server: PostgresServer;
let pool: pg.Pool;
let store: LedgerStore;
beforeAll(async () => {
  server = await startPostgres();
  pool = new pg.Pool({ connectionString: await server.newDatabase(), max: 30 });
  store = createPostgresStore({ pool });
});
afterAll(async () => {
  await pool.end();
  await server.stop();
});
const openStore: Subject['openStore'] = () => inNewOrganizations(store);

describe('simulated worlds on PostgreSQL', () => {
  it(
    'for any of 800 worlds, 12,000 in a long run, every promise is kept',
    async () => {
      const worlds = rounds({ short: 800, long: 12_000 }) / LANES;
      const lanes = Array.from({ length: LANES }, (_, lane) => simulate({ seed: SEED + lane, worlds, openStore }));
      const reports = await Promise.all(lanes);
      for (const report of reports) expect(describeFailure(report)).toBe('every promise was kept');
      const sum = (of: 'worlds' | 'commands' | 'faults') => reports.reduce((total, report) => total + report[of], 0);
      expect(sum('worlds')).toBe(worlds * LANES);
      expect(sum('faults')).toBeGreaterThan(worlds * LANES * 2);
      const [first, ...others] = reports.map(report => report.blind);
      expect(first?.filter(state => others.every(blind => blind.includes(state)))).toEqual([]);
      say(`${sum('worlds')} worlds on PostgreSQL: ${sum('commands')} commands, ${sum('faults')} faults`);
    },
    TIMEOUT_MS,
  );

  it(
    'show a ledger that takes a new id for a retry',
    async () => {
      const report = await simulate({ seed: SEED, worlds: 500, openStore, openLedger: takesNewIdForRetry });
      // Which promise breaks first is up to the server's timing: stock moved twice, or a receipt without its record.
      const broken = report.failure?.violations.map(violation => violation.promise) ?? [];
      expect(broken.filter(promise => promise !== 'liveness')).not.toEqual([]);
    },
    TIMEOUT_MS,
  );
});

it(
  'every fault at every call, and every pair of faults in a long run, breaks nothing on PostgreSQL',
  async () => {
    const isLong = rounds({ short: 0, long: 1 }) === 1;
    const some = isLong ? {} : { orders: [0], pairs: false };
    const runs = Object.values(SCENARIOS).map(scenario => enumerateFaults({ scenario, openStore, ...some }));
    const reports = await Promise.all(runs);
    expect(reports.flatMap(report => report.failures).slice(0, 2)).toEqual([]);
    const placements = reports.reduce((total, report) => total + report.placements, 0);
    expect(placements).toBeGreaterThanOrEqual(isLong ? 30_000 : 800);
    say(`${placements} placements of faults on PostgreSQL`);
  },
  TIMEOUT_MS,
);

function say(what: string): void {
  if (process.env.STOCKFOLD_ROUNDS === 'long') console.info(what);
}
