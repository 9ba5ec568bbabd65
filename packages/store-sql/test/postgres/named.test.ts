import { createLedger, type Ledger, restock, sale, startTracking } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../testing/test/postgres/server.ts';
import { MUG } from './traders.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** A ledger on one connection, and what the server knows by name there. */
async function onOneConnection(
  body: (ledger: Ledger, pool: pg.Pool, names: () => Promise<readonly string[]>) => Promise<void>,
): Promise<void> {
  const pool = new pg.Pool({ connectionString: await server.newDatabase(), max: 1 });
  const names = async () =>
    (await pool.query('select name from pg_prepared_statements order by name')).rows.map(({ name }) => name);
  try {
    await body(createLedger({ store: createPostgresStore({ pool }) }), pool, names);
  } finally {
    await pool.end();
  }
}

async function restockTwice(ledger: Ledger): Promise<void> {
  for (let time = 0; time < 2; time++) {
    const tracking = [startTracking(MUG.productId)];
    const lines = [restock('STORE', MUG, 1)];
    const result = await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines });
    expect(result.isOk()).toBe(true);
  }
}

describe('the load function', () => {
  it('is called by a name once a commit has told that the connection is direct', () =>
    onOneConnection(async (ledger, _, names) => {
      const unknown = { productId: ledger.newId(), variantId: ledger.newId() };
      const ask = () =>
        ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines: [sale('STORE', unknown, 1)] });
      expect((await ask())._unsafeUnwrapErr().kind).toBe('ProductNotTracked');
      expect(await names()).toEqual([]);
      await restockTwice(ledger);
      expect((await ask())._unsafeUnwrapErr().kind).toBe('ProductNotTracked');
      expect(await names()).toEqual(['stockfold.commit_v1', 'stockfold.load_v1']);
    }));
});

describe('the commit function', () => {
  it('is called by a name on a connection to the server itself', () =>
    onOneConnection(async (ledger, _, names) => {
      await restockTwice(ledger);
      expect(await names()).toEqual(['stockfold.commit_v1']);
    }));

  it('is called without a name where another process answers than the one that was met, as behind a pooler', () =>
    onOneConnection(async (ledger, pool, names) => {
      pool.on('connect', client => Object.assign(client, { processID: 1 }));
      await restockTwice(ledger);
      expect(await names()).toEqual([]);
    }));

  it('is called without a name, once and for all, when somebody has cleared the connection', () =>
    onOneConnection(async (ledger, pool, names) => {
      await restockTwice(ledger);
      await pool.query('deallocate all');
      await restockTwice(ledger);
      expect(await names()).toEqual([]);
      expect((await ledger.journal())._unsafeUnwrap().asOf).toBe(4);
    }));
});
