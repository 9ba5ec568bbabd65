import { createLedger } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, createCluster } from '../../../testing/test/postgres/cluster.ts';
import { rounds } from '../../../testing/test/rounds.ts';
import { countCalls, expectExact, flawsOf, say } from '../postgres/history.ts';
import { type Load, startLoad } from '../postgres/load.ts';
import { stockMugs } from '../postgres/traders.ts';

// What was not flushed by the commit itself is lost at a kill: the server may be lazy with everything else.
const LAZY = {
  synchronous_commit: 'off',
  wal_writer_delay: '10s',
  wal_writer_flush_after: '1GB',
  wal_buffers: '16MB',
  autovacuum: 'off',
};
const TRADERS = 6;
const COMMANDS_PER_ROUND = 40;

let cluster: Cluster;
beforeEach(async () => {
  cluster = await createCluster(LAZY);
  await cluster.start();
  await stockMugs(createPostgresStore({ connectionString: cluster.url }), 100);
});
afterEach(() => cluster.remove());

type CommitWith = 'function' | 'transaction';

/** Lets six traders on three stores work while the server is killed, and started again, round after round. */
async function killRounds(count: number, commitWith: CommitWith): Promise<Load> {
  const options = { connectionString: cluster.url, commitWith };
  const stores = Array.from({ length: 3 }, () => createPostgresStore(options));
  const ledgers = stores.map(store => createLedger({ store }));
  const load = startLoad(TRADERS, trader => ledgers[trader % ledgers.length] as (typeof ledgers)[0]);
  for (let round = 0; round < count; round++) {
    await load.acknowledged(COMMANDS_PER_ROUND + round);
    await cluster.kill();
    await cluster.start();
  }
  await load.stop();
  for (const store of stores) await store.close();
  return load;
}

describe.each(['function', 'transaction'] as const)(
  'a server that is killed under load, committing with a %s',
  commitWith => {
    it('has lost nothing that was acknowledged, and done nothing twice', async () => {
      const count = rounds({ short: 3, long: 30 });
      const load = await killRounds(count, commitWith);
      const store = createPostgresStore({ connectionString: cluster.url });
      await expectExact(store, load.calls);
      // Each kill came while commands were under way.
      expect(countCalls(load.calls).unknown).toBeGreaterThanOrEqual(count);
      say(`${count} kills of the server, committing with a ${commitWith}`, load.calls);
      await store.close();
    });
  },
);

/** Has the commit function no longer say that a commit waits for the disk. */
async function makeCommitsLazy(): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  const { rows } = await client.query(
    `select pg_get_functiondef(oid) as text from pg_proc where proname = 'commit_v1'`,
  );
  const text = rows[0].text as string;
  const lazy = text.replace(
    "set_config('synchronous_commit', 'on', true)",
    "set_config('synchronous_commit', 'off', true)",
  );
  expect(lazy).not.toBe(text);
  await client.query(lazy);
  await client.end();
  // Shut down, so that the function itself is on the disk.
  await cluster.stop();
  await cluster.start();
}

it('a commit function that does not wait for the disk is found out by the same kills', async () => {
  await makeCommitsLazy();
  const store = createPostgresStore({ connectionString: cluster.url });
  let lost = 0;
  for (let round = 0; round < 10 && lost === 0; round++) {
    const { calls } = await killRounds(1, 'function');
    const flaws = await flawsOf(store, calls);
    lost += flaws.filter(flaw => 'promise' in flaw && flaw.promise === 'acknowledged stays').length;
  }
  expect(lost).toBeGreaterThan(0);
  await store.close();
});
