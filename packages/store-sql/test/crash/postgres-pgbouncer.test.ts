import { createLedger } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { needs } from '../../../testing/test/needs.ts';
import { createCluster } from '../../../testing/test/postgres/cluster.ts';
import { type Databases, startDatabases } from '../../../testing/test/postgres/databases.ts';
import { POOL_SIZE, startBouncer, startPgBouncer, whyNoPgBouncer } from '../../../testing/test/postgres/pgbouncer.ts';
import { rounds } from '../../../testing/test/rounds.ts';
import { countCalls, expectExact, say } from '../postgres/history.ts';
import { startLoad } from '../postgres/load.ts';
import { stockMugs } from '../postgres/traders.ts';

/** What a session keeps from one transaction to the next, and so one caller of a pooler for another. */
const KEPT = `select current_setting('lock_timeout') as lock_timeout,
  current_setting('statement_timeout') as statement_timeout,
  current_setting('synchronous_commit') as synchronous_commit,
  current_setting('plan_cache_mode') as plan_cache_mode,
  current_setting('transaction_isolation') as isolation,
  (select count(*)::integer from pg_prepared_statements) as statements,
  (select count(*)::integer from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as locks,
  pg_backend_pid() as pid`;

/** What each of PgBouncer's connections to the server keeps: as many transactions at once as it has of them. */
async function keptBySessions(url: string): Promise<readonly Readonly<{ pid: number }>[]> {
  const pool = new pg.Pool({ connectionString: url });
  const clients = await Promise.all(Array.from({ length: POOL_SIZE }, () => pool.connect()));
  for (const client of clients) await client.query('begin');
  const rows = await Promise.all(clients.map(async client => (await client.query(KEPT)).rows[0]));
  for (const client of clients) await client.query('rollback');
  for (const client of clients) client.release();
  await pool.end();
  return rows;
}

describe('through PgBouncer, with fewer connections than callers', needs(whyNoPgBouncer), () => {
  let databases: Databases;
  beforeAll(async () => {
    databases = await startDatabases(startPgBouncer);
  });
  afterAll(() => databases.stop());

  it.each(['function', 'transaction'] as const)(
    'six ledgers stay exact, and leave nothing behind in a session, committing with a %s',
    async commitWith => {
      const { url, giveBack } = await databases.lend();
      const stores = Array.from({ length: 6 }, () => createPostgresStore({ connectionString: url, commitWith }));
      const [first] = stores;
      if (first === undefined) throw new Error('there are six');
      await stockMugs(first, 100);
      const ledgers = stores.map(store => createLedger({ store }));
      const load = startLoad(12, trader => ledgers[trader % 6] as (typeof ledgers)[0]);
      await load.acknowledged(rounds({ short: 300, long: 6_000 }));
      await load.stop();
      await expectExact(first, load.calls);
      say(`PgBouncer, committing with a ${commitWith}`, load.calls);
      const sessions = await keptBySessions(url);
      expect(new Set(sessions.map(session => session.pid)).size).toBe(POOL_SIZE);
      for (const { pid: _, ...kept } of sessions)
        expect(kept).toEqual({
          lock_timeout: '0',
          statement_timeout: '0',
          synchronous_commit: 'on',
          plan_cache_mode: 'auto',
          isolation: 'read committed',
          statements: 0,
          locks: 0,
        });
      for (const store of stores) await store.close();
      await giveBack();
    },
  );

  it('a server that is killed behind it has lost nothing that was acknowledged, and done nothing twice', async () => {
    const count = rounds({ short: 2, long: 15 });
    const cluster = await createCluster();
    onTestFinished(() => cluster.remove());
    await cluster.start();
    const bouncer = await startBouncer(cluster.url);
    onTestFinished(() => bouncer.stop());
    const store = createPostgresStore({ connectionString: bouncer.through(cluster.url) });
    await stockMugs(store, 100);
    const ledgers = Array.from({ length: 6 }, () => createLedger({ store }));
    const load = startLoad(6, trader => ledgers[trader % 6] as (typeof ledgers)[0]);
    for (let round = 0; round < count; round++) {
      await load.acknowledged(40);
      await cluster.kill();
      await cluster.start();
    }
    await load.stop();
    await expectExact(store, load.calls);
    expect(countCalls(load.calls).unknown).toBeGreaterThanOrEqual(count);
    say(`${count} kills of the server behind PgBouncer`, load.calls);
    await store.close();
  });
});
