import { createLedger, type Ledger, type LedgerStore } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { type Cluster, createCluster, createStandby, type Settings } from '../../../testing/test/postgres/cluster.ts';
import { rounds } from '../../../testing/test/rounds.ts';
import { countCalls, expectExact, flawsOf, say } from '../postgres/history.ts';
import { startLoad } from '../postgres/load.ts';
import { stockMugs } from '../postgres/traders.ts';

// The server itself waits for nothing: that a commit waits for the standby is the store's doing.
const SETTINGS: Settings = { synchronous_commit: 'off', wal_writer_delay: '10s', wal_retrieve_retry_interval: '50ms' };
const WITH_STANDBY: Settings = { synchronous_standby_names: '*' };
const TRADERS = 6;
const COMMANDS_PER_ROUND = 40;

const clusters: Cluster[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.remove();
});

async function queryOn(cluster: Cluster, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: cluster.url });
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}

/** Starts a cluster that was shut down together with a standby, and waits until commits wait for it. */
async function startPair(primary: Cluster, settings: Settings): Promise<Cluster> {
  const standby = await createStandby(primary, SETTINGS);
  clusters.push(standby);
  await primary.start(settings);
  await standby.start();
  const FOLLOWS = `select 1 from pg_stat_replication where state = 'streaming'`;
  while ((await queryOn(primary, FOLLOWS)).length === 0) await new Promise(resolve => setTimeout(resolve, 10));
  return standby;
}

async function createPrimary(): Promise<Cluster> {
  const primary = await createCluster(SETTINGS);
  clusters.push(primary);
  await primary.start();
  const store = createPostgresStore({ connectionString: primary.url });
  await stockMugs(store, 100);
  await store.close();
  await primary.stop();
  return primary;
}

it('a primary that dies under load has its synchronous standby take over, which knows all that was acknowledged', async () => {
  const count = rounds({ short: 1, long: 8 });
  let primary = await createPrimary();
  let standby = await startPair(primary, WITH_STANDBY);
  let store: LedgerStore = createPostgresStore({ connectionString: primary.url });
  let ledger: Ledger = createLedger({ store });
  const load = startLoad(TRADERS, () => ledger);
  for (let round = 1; ; round++) {
    await load.acknowledged(COMMANDS_PER_ROUND + round);
    await primary.kill();
    await queryOn(standby, 'select pg_promote()');
    primary = standby;
    const dead = store;
    store = createPostgresStore({ connectionString: primary.url });
    ledger = createLedger({ store });
    await dead.close();
    await load.acknowledged(COMMANDS_PER_ROUND);
    if (round === count) break;
    // Under load too: the new primary is shut down for a moment, and gets a standby of its own.
    await primary.stop();
    standby = await startPair(primary, WITH_STANDBY);
  }
  await load.stop();
  await expectExact(store, load.calls);
  expect(countCalls(load.calls).unknown).toBeGreaterThanOrEqual(count);
  say(`${count} failovers`, load.calls);
  await store.close();
});

it('a standby for which commits do not wait is found out by the same failover', async () => {
  const primary = await createPrimary();
  const standby = await startPair(primary, {});
  await standby.kill();
  const store = createPostgresStore({ connectionString: primary.url });
  let ledger = createLedger({ store });
  const load = startLoad(TRADERS, () => ledger);
  await load.acknowledged(COMMANDS_PER_ROUND);
  await primary.kill();
  const told = [...load.calls];
  await standby.start();
  await queryOn(standby, 'select pg_promote()');
  const promoted = createPostgresStore({ connectionString: standby.url });
  const lost = (await flawsOf(promoted, told)).filter(
    flaw => 'promise' in flaw && flaw.promise === 'acknowledged stays',
  );
  expect(lost.length).toBeGreaterThanOrEqual(COMMANDS_PER_ROUND / 2);
  ledger = createLedger({ store: promoted });
  await store.close();
  await load.stop();
  await promoted.close();
});
