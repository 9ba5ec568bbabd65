import { createLedger, type LedgerStore } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { describeLedger, describeLedgerStore, laws } from '../src/index.ts';
import { type Databases, startDatabases } from './postgres/databases.ts';
import { hold, SEED } from './seed.ts';

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

describeLedgerStore('PostgreSQL, committing with a function', {
  open: async () => {
    const { url, giveBack } = await databases.lend();
    const open = () => createPostgresStore({ connectionString: url });
    return { store: open(), reopen: open, dispose: () => giveBack('the suite') };
  },
  runner: { describe, it },
  supports: { durable: true, severalHandles: true },
});

describeLedgerStore('PostgreSQL, committing with a transaction, on a pool', {
  open: async () => {
    const { pool, giveBack } = await databases.lend();
    const open = () => createPostgresStore({ pool, commitWith: 'transaction' });
    return { store: open(), reopen: open, dispose: () => giveBack('the suite') };
  },
  runner: { describe, it },
  supports: { durable: true, severalHandles: true },
});

/** A store on a database that was emptied; closing it gives the database back. */
async function openEmpty(): Promise<LedgerStore> {
  const { pool, giveBack } = await databases.lend();
  const store = createPostgresStore({ pool });
  return { ...store, close: () => store.close().map(() => giveBack()) };
}

it('for any history, the journal travels whole between databases of PostgreSQL', () =>
  hold(
    laws.travelsWhole(async options => createLedger({ store: await openEmpty(), ...options }), openEmpty),
    8,
  ));

it('for any order in which sales, deliveries and counts are told to PostgreSQL, they leave what an onlooker says', () =>
  hold(
    laws.countsAgree(async options => createLedger({ store: await openEmpty(), ...options })),
    5,
  ));

it('for any history and any damage to PostgreSQL, a rebuild puts right what the journal says', () =>
  hold(laws.rebuildsWhole(openEmpty), 8));

it('for any amounts of any scale, PostgreSQL keeps them to the last digit', () =>
  hold(
    laws.unitsAgree(async options => createLedger({ store: await openEmpty(), ...options })),
    5,
  ));

it('for any low-stock levels on PostgreSQL, each crossing of one is told once', () =>
  hold(
    laws.tellsLowStock(async options => createLedger({ store: await openEmpty(), ...options })),
    5,
  ));

describeLedger('on PostgreSQL', {
  open: async options => createLedger({ store: await openEmpty(), ...options }),
  runner: { describe, it },
  numRuns: 5,
  seed: SEED,
});
