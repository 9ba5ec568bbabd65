import { createPostgresStore } from '@stockfold/store-sql/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Databases, startDatabases } from '../../../testing/test/postgres/databases.ts';
import { type Cut, startProxy } from './cutting-proxy.ts';
import { expectExact, sellMugs, stockMugs } from './sellers.ts';

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

const CUTS: readonly (Cut | null)[] = ['before', null, 'after', 'reply', null, 'half', 'late', null, null];
const MARKERS = { function: 'stockfold.commit_v1', transaction: 'commit\0' } as const;

describe.each(['function', 'transaction'] as const)('a line that is cut at commits with a %s', commitWith => {
  it('loses nothing, doubles nothing, and oversells nothing', async () => {
    const { url, pool, giveBack } = await databases.lend();
    const direct = createPostgresStore({ pool });
    await stockMugs(direct, 100);
    let commits = 0;
    const proxy = await startProxy(url, MARKERS[commitWith], () => CUTS[commits++ % CUTS.length] ?? null);
    const store = createPostgresStore({ connectionString: proxy.url, commitWith });
    const answers = await sellMugs(store, 8, 15);
    // A commit that comes late may still come.
    await new Promise(resolve => setTimeout(resolve, 200));
    expect(answers).toHaveLength(120);
    expect(answers.filter(answer => answer.receipt?.replayed).length).toBeGreaterThan(5);
    expect(proxy.cuts()).toBeGreaterThan(60);
    await expectExact(direct, 100, answers);
    expect(answers.filter(answer => answer.receipt === null)).toHaveLength(20);
    await store.close();
    await proxy.stop();
    await giveBack();
  });
});

it.each(['function', 'transaction'] as const)(
  'a server that ends connections again and again stays exact, committing with a %s',
  async commitWith => {
    const { url, pool, giveBack } = await databases.lend();
    const direct = createPostgresStore({ pool });
    await stockMugs(direct, 200);
    const store = createPostgresStore({ connectionString: url, commitWith });
    let ended = 0;
    const KILL = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query ~ 'commit_v1|^(begin|insert|update)' and query !~ 'terminate'
      order by random() limit 1`;
    const killer = setInterval(async () => {
      ended += (await pool.query(KILL)).rowCount ?? 0;
    }, 10);
    const answers = await sellMugs(store, 8, 30);
    clearInterval(killer);
    expect(ended).toBeGreaterThan(10);
    expect(answers).toHaveLength(240);
    await expectExact(direct, 200, answers);
    await store.close();
    await giveBack();
  },
);
