import { createLedger } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Databases, startDatabases } from '../../../testing/test/postgres/databases.ts';
import { rounds } from '../../../testing/test/rounds.ts';
import { type Cut, startProxy } from '../postgres/cutting-proxy.ts';
import { countCalls, expectExact, say } from '../postgres/history.ts';
import { startLoad } from '../postgres/load.ts';
import { stockMugs } from '../postgres/traders.ts';

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

const PATHS = ['function', 'transaction'] as const;
const CUTS: readonly (Cut | null)[] = ['before', null, 'after', 'reply', null, 'half', 'late', null, null];
const MARKERS = { function: 'stockfold.commit_v1', transaction: 'commit\0' } as const;
const TRADERS = 8;

describe.each(PATHS)('with a line that is cut at commits in five ways, committing with a %s', commitWith => {
  it('nothing is lost, doubled or oversold', async () => {
    const enough = rounds({ short: 60, long: 400 });
    const { url, pool, giveBack } = await databases.lend();
    const direct = createPostgresStore({ pool });
    await stockMugs(direct, 100);
    let commits = 0;
    const proxy = await startProxy(url, MARKERS[commitWith], () => CUTS[commits++ % CUTS.length] ?? null);
    const store = createPostgresStore({ connectionString: proxy.url, commitWith });
    // A ledger for each: one for all would join their commands, and there would be few commits to disturb.
    const ledgers = Array.from({ length: TRADERS }, () => createLedger({ store }));
    const load = startLoad(TRADERS, trader => ledgers[trader % TRADERS] as (typeof ledgers)[0]);
    while (proxy.cuts() < enough) await load.acknowledged(1);
    await load.stop();
    await store.close();
    // What comes late has come then.
    await proxy.stop();
    await expectExact(direct, load.calls);
    expect(countCalls(load.calls).unknown).toBeGreaterThanOrEqual(enough);
    // Of each nine commits two are done although nobody heard of it, and one comes late.
    expect(countCalls(load.calls).replayed).toBeGreaterThanOrEqual(enough / 5);
    say(`${proxy.cuts()} cuts, committing with a ${commitWith}`, load.calls);
    await giveBack();
  });
});

describe.each(PATHS)('with a server that ends sessions again and again, committing with a %s', commitWith => {
  it('nothing is lost, doubled or oversold', async () => {
    const enough = rounds({ short: 15, long: 200 });
    const { url, pool, giveBack } = await databases.lend();
    const direct = createPostgresStore({ pool });
    await stockMugs(direct, 100);
    const store = createPostgresStore({ connectionString: url, commitWith });
    const ledgers = Array.from({ length: TRADERS }, () => createLedger({ store }));
    const load = startLoad(TRADERS, trader => ledgers[trader % TRADERS] as (typeof ledgers)[0]);
    const END_ONE = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'
        and query ~ 'commit_v1|^(begin|insert|update)'
      order by random() limit 1`;
    for (let ended = 0; ended < enough; ended += (await pool.query(END_ONE)).rowCount ?? 0) await load.acknowledged(1);
    await load.stop();
    await store.close();
    await expectExact(direct, load.calls);
    expect(countCalls(load.calls).unknown).toBeGreaterThan(enough / 2);
    say(`${enough} sessions ended, committing with a ${commitWith}`, load.calls);
    await giveBack();
  });
});
