import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createLedger, type Ledger, type LedgerStore, restock, startTracking } from '@stockfold/core';
import { createPostgresStore, type PostgresPool } from '@stockfold/store-sql/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../testing/test/postgres/server.ts';
import { MUG } from './traders.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** Restocks one mug, and says what became of it. */
async function restockOn(store: LedgerStore): Promise<string> {
  const ledger = createLedger({ store });
  const tracking = [startTracking(MUG.productId)];
  const command = { kind: 'RecordMovements', id: ledger.newId(), tracking, lines: [restock('STORE', MUG, 1)] } as const;
  return (await ledger.execute(command)).match(
    receipt => `recorded as ${receipt.durability}`,
    error => error.kind,
  );
}

type Query = (text: string, run: () => Promise<unknown>, client: pg.PoolClient) => Promise<unknown>;

/** A pool that lets something happen at statements. */
function poolWith(pool: pg.Pool, at: Query): PostgresPool {
  return {
    on: (event, listener) => pool.on(event, listener),
    removeListener: (event, listener) => pool.removeListener(event, listener),
    connect: async () => {
      const client = await pool.connect();
      return {
        on: (event, listener) => client.on(event, listener),
        removeListener: (event, listener) => client.removeListener(event, listener),
        release: destroy => client.release(destroy),
        query: query => at(query.text, () => client.query(query as pg.QueryConfig), client),
      };
    },
  };
}

async function onPool(body: (pool: pg.Pool, url: string) => Promise<void>): Promise<void> {
  const url = await server.newDatabase();
  const pool = new pg.Pool({ connectionString: url });
  try {
    await body(pool, url);
  } finally {
    await pool.end();
  }
}

const PATHS = ['function', 'transaction'] as const;

/**
 * Makes each record take longer than a store with a timeout of 500 ms and its grace waits. A shorter timeout would end
 * the session of a slow test too, since the server ends one that stands idle as long.
 */
async function makeRecordsSlow(pool: pg.Pool): Promise<void> {
  await createPostgresStore({ pool }).locations(MUG.productId as never);
  await pool.query(`create function slow() returns trigger language plpgsql as
      $$ begin perform pg_sleep(3); return new; end $$;
    create trigger slow before insert on stockfold.record for each row execute function slow()`);
}

/** Copies the tables, and gives what puts them back: as a backup does, or a standby that lagged behind. */
async function keepTables(pool: pg.Pool): Promise<() => Promise<void>> {
  const tables = ['organization', 'location', 'product', 'variant', 'balance', 'record', 'posting', 'note'];
  for (const table of tables) await pool.query(`create table kept_${table} as table stockfold.${table}`);
  return async () => {
    for (const table of tables)
      await pool.query(`truncate stockfold.${table}; insert into stockfold.${table} table kept_${table}`);
  };
}

describe('a PostgreSQL store', () => {
  it('is synced, and its receipts say so', () =>
    onPool(async pool => {
      expect(await restockOn(createPostgresStore({ pool }))).toBe('recorded as synced');
    }));

  it('is refused for options that are none', () => {
    const connectionString = 'postgres://localhost';
    expect(() => createPostgresStore({ connectionString: 7 as unknown as string })).toThrow(TypeError);
    expect(() => createPostgresStore({ connectionString, commitWith: 'magic' as 'function' })).toThrow(TypeError);
    for (const timeout of [0, -1, 0.5, Number.NaN, 2 ** 31])
      expect(() => createPostgresStore({ connectionString, connectionTimeoutMs: timeout })).toThrow(TypeError);
  });

  it('leaves the pool of its owner open', () =>
    onPool(async pool => {
      const store = createPostgresStore({ pool });
      await restockOn(store);
      await store.close();
      expect(pool.listenerCount('error')).toBe(0);
      expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    }));

  it('is opened many times at once on a new database', () =>
    onPool(async (_, url) => {
      const stores = Array.from({ length: 8 }, () => createPostgresStore({ connectionString: url }));
      expect(new Set(await Promise.all(stores.map(restockOn)))).toEqual(new Set(['recorded as synced']));
      for (const store of stores) await store.close();
    }));

  it('is opened many times at once where an empty schema is waiting', () =>
    onPool(async (pool, url) => {
      await pool.query('create schema stockfold');
      const stores = Array.from({ length: 8 }, () => createPostgresStore({ connectionString: url }));
      expect(new Set(await Promise.all(stores.map(restockOn)))).toEqual(new Set(['recorded as synced']));
      for (const store of stores) await store.close();
    }));

  it('founds many organizations at once, each with an integer of its own', () =>
    onPool(async pool => {
      const stores = PATHS.map(commitWith => createPostgresStore({ pool, commitWith }));
      const ledgers = Array.from({ length: 16 }, (_, index) =>
        createLedger({ store: stores[index % 2] as LedgerStore, organizationId: crypto.randomUUID() }),
      );
      await createPostgresStore({ pool }).locations(MUG.productId as never);
      const tracking = [startTracking(MUG.productId)];
      const answers = await Promise.all(
        ledgers.map(ledger => ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking })),
      );
      expect(answers.map(answer => answer._unsafeUnwrap().sequence)).toEqual(Array(16).fill(1));
      const { rows } = await pool.query('select organization from stockfold.organization order by 1');
      expect(rows.map(row => row.organization)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
    }));

  it('leaves a database alone that a newer version has written', () =>
    onPool(async pool => {
      await restockOn(createPostgresStore({ pool }));
      await pool.query("insert into stockfold.migration values ('9999_future', '2099-01-01')");
      expect(await restockOn(createPostgresStore({ pool }))).toBe('StoreTooNew');
    }));

  it('needs no right to make things once its tables are there', () =>
    onPool(async (pool, url) => {
      await restockOn(createPostgresStore({ pool }));
      const clerk = new URL(url);
      clerk.username = `stockfold_clerk_${process.pid}`;
      clerk.password = 'of-the-test';
      await pool.query(`create role ${clerk.username} login password '${clerk.password}';
        grant usage on schema stockfold to ${clerk.username};
        grant select, insert, update on all tables in schema stockfold to ${clerk.username}`);
      for (const commitWith of PATHS) {
        const store = createPostgresStore({ connectionString: clerk.href, commitWith });
        expect(await restockOn(store)).toBe('recorded as synced');
        await store.close();
      }
      await pool.query(`drop owned by ${clerk.username}; drop role ${clerk.username}`);
    }));

  it.each(PATHS)('commits READ COMMITTED and synced, whatever the database says, with a %s', commitWith =>
    onPool(async (pool, url) => {
      await pool.query(`do $$ begin
        execute format('alter database %I set default_transaction_isolation = serializable', current_database());
        execute format('alter database %I set synchronous_commit = off', current_database());
      end $$`);
      const fresh = new pg.Pool({ connectionString: url });
      const seen = new Set<string>();
      const spied = poolWith(fresh, async (text, run, client) => {
        for (const name of text === 'commit' ? ['transaction_isolation', 'synchronous_commit'] : [])
          seen.add(Object.values((await client.query(`show ${name}`)).rows[0]).join());
        return run();
      });
      await createPostgresStore({ pool: fresh }).locations(MUG.productId as never);
      const stores = Array.from({ length: 4 }, () => createPostgresStore({ pool: spied, commitWith }));
      expect(new Set(await Promise.all(stores.map(restockOn)))).toEqual(new Set(['recorded as synced']));
      expect(seen).toEqual(new Set(['read committed', 'on']));
      expect((await fresh.query('show synchronous_commit')).rows).toEqual([{ synchronous_commit: 'off' }]);
      await fresh.end();
    }),
  );

  it.each(PATHS)(
    'moves no other variant once the database was put back to an earlier day, committing with a %s',
    commitWith =>
      onPool(async pool => {
        const [one, other] = PATHS.map(() => createLedger({ store: createPostgresStore({ pool, commitWith }) })) as [
          Ledger,
          Ledger,
        ];
        const mug = (variantId: string) => ({ ...MUG, variantId });
        const [cup, jug] = [mug(one.newId()), mug(one.newId())];
        const bring = (ledger: Ledger, variant: typeof MUG, quantity: number) =>
          ledger.execute({ kind: 'RecordMovements', id: one.newId(), lines: [restock('STORE', variant, quantity)] });
        const started = { kind: 'RecordMovements', id: one.newId(), tracking: [startTracking(MUG.productId)] } as const;
        (await one.execute(started))._unsafeUnwrap();
        const putBack = await keepTables(pool);
        // Both come first after the same record, and are given the same integer.
        (await bring(one, cup, 5))._unsafeUnwrap();
        await putBack();
        (await bring(other, jug, 7))._unsafeUnwrap();
        (await bring(one, cup, 100))._unsafeUnwrap();
        const onHand = async ({ variantId }: typeof MUG) =>
          (await other.balanceAt({ locationId: 'STORE', variantId }))._unsafeUnwrap().onHand;
        expect([await onHand(cup), await onHand(jug)]).toEqual([100, 7]);
        expect((await other.verify())._unsafeUnwrap()).toMatchObject({ ok: true });
      }),
  );

  it('lets no server compile the statements of the commit function', () =>
    onPool(async (pool, url) => {
      await createPostgresStore({ pool }).locations(MUG.productId as never);
      await pool.query(`create table seen (jit text); create function see() returns trigger language plpgsql as
          $$ begin insert into public.seen values (current_setting('jit')); return new; end $$;
        create trigger see before insert on stockfold.record for each row execute function see()`);
      const compiling = new pg.Pool({ connectionString: url, options: '-c jit=on' });
      expect(await restockOn(createPostgresStore({ pool: compiling }))).toBe('recorded as synced');
      expect((await compiling.query('select jit from seen')).rows).toEqual([{ jit: 'off' }]);
      expect((await compiling.query('show jit')).rows).toEqual([{ jit: 'on' }]);
      await compiling.end();
    }));

  it.each(PATHS)('leaves a session of its pool as it was, committing with a %s', commitWith =>
    onPool(async (_, url) => {
      const pool = new pg.Pool({ connectionString: url, max: 1 });
      const store = createPostgresStore({ pool, commitWith });
      await store.locations(MUG.productId as never);
      const session = async () =>
        (
          await pool.query(`select pg_backend_pid() as pid,
            (select json_agg(s order by s.name) from (select name, setting from pg_settings) s) as settings,
            (select count(*)::integer from pg_prepared_statements) as statements,
            (select count(*)::integer from pg_locks where locktype = 'advisory') as locks`)
        ).rows[0];
      const before = await session();
      expect(await restockOn(store)).toBe('recorded as synced');
      expect(await session()).toEqual(before);
      expect(before).toMatchObject({ statements: 0, locks: 0 });
      await pool.end();
    }),
  );

  it('reads numbers as numbers, whatever parsers the application has set', () =>
    onPool(async (_, url) => {
      const types = { getTypeParser: () => (text: string) => BigInt(text.length) } as unknown as pg.CustomTypesConfig;
      const pool = new pg.Pool({ connectionString: url, types });
      const store = createPostgresStore({ pool });
      await restockOn(store);
      const page = (await createLedger({ store }).balances())._unsafeUnwrap();
      expect(page.items.map(item => item.onHand).sort()).toEqual([-1, 1]);
      await pool.end();
    }));

  it('says so when a number in the database is beyond the safe integers', () =>
    onPool(async pool => {
      const store = createPostgresStore({ pool });
      await restockOn(store);
      await pool.query(`alter table stockfold.organization drop constraint organization_sequence_check;
        update stockfold.organization set sequence = 9007199254740993`);
      expect((await createLedger({ store }).journal())._unsafeUnwrapErr().kind).toBe('StoreFailed');
    }));
});

describe('a PostgreSQL store in trouble', () => {
  it('is unavailable where nobody listens, and closes all the same', async () => {
    const store = createPostgresStore({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    expect(await restockOn(store)).toBe('StoreUnavailable');
    expect((await store.close()).isOk()).toBe(true);
    expect(await restockOn(store)).toBe('StoreClosed');
  });

  it('is unavailable, in time, where somebody listens and never answers', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const connectionString = `postgres://nobody@127.0.0.1:${port}/none`;
    const store = createPostgresStore({ connectionString, connectionTimeoutMs: 50 });
    const started = Date.now();
    expect(await restockOn(store)).toBe('StoreUnavailable');
    expect(Date.now() - started).toBeLessThan(2_000);
    await store.close();
    silent.close();
  });

  it('waits no longer for a pool that gives no connection than it was told', () =>
    onPool(async pool => {
      const store = createPostgresStore({ pool, connectionTimeoutMs: 50 });
      await restockOn(store);
      const clients = await Promise.all(Array.from({ length: 10 }, () => pool.connect()));
      expect(await restockOn(store)).toBe('StoreUnavailable');
      for (const client of clients) client.release();
      expect(await restockOn(store)).toBe('recorded as synced');
    }));

  it.each(PATHS)('is busy while another holds the organization, committing with a %s', commitWith =>
    onPool(async pool => {
      const store = createPostgresStore({ pool, commitWith, lockTimeoutMs: 50 });
      await restockOn(store);
      const other = await pool.connect();
      await other.query('begin; select * from stockfold.organization for update');
      expect(await restockOn(store)).toBe('StoreBusy');
      await other.query('rollback');
      other.release();
      expect(await restockOn(store)).toBe('recorded as synced');
    }),
  );

  it('is free again when a process was gone, without a word, in the middle of its transaction', () =>
    onPool(async (pool, url) => {
      const store = createPostgresStore({ pool, lockTimeoutMs: 3_000 });
      await store.locations(MUG.productId as never);
      // The server hears nothing of its end: neither a statement nor that the connection was closed.
      const left = new pg.Client({ connectionString: url });
      left.on('error', () => undefined);
      await left.connect();
      const gone: PostgresPool = {
        on: () => undefined,
        removeListener: () => undefined,
        connect: async () => ({
          on: () => undefined,
          removeListener: () => undefined,
          release: () => undefined,
          query: query =>
            query.text.startsWith('insert into stockfold.record')
              ? new Promise(() => undefined)
              : left.query(query as pg.QueryConfig),
        }),
      };
      const stopped = createPostgresStore({ pool: gone, commitWith: 'transaction', statementTimeoutMs: 50 });
      const answers = [await restockOn(stopped), await restockOn(store)];
      await left.end();
      expect(answers).toEqual(['OutcomeUnknown', 'recorded as synced']);
    }));

  it('lives on when its idle connections are ended', () =>
    onPool(async (pool, url) => {
      const store = createPostgresStore({ connectionString: url });
      await restockOn(store);
      await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`);
      await new Promise(resolve => setTimeout(resolve, 50));
      expect(await restockOn(store)).toBe('recorded as synced');
      await store.close();
    }));

  it.each(PATHS)('tries a serialization failure again as a whole, committing with a %s', commitWith =>
    onPool(async pool => {
      // With a plain transaction, at one of its statements, at its end, and at a statement again.
      const places = [/commit_v1|^insert into stockfold.record/, /commit_v1|^commit$/, /commit_v1|^insert into/];
      let failures = 0;
      const failing = poolWith(pool, async (text, run) => {
        if (places[failures]?.test(text) !== true) return run();
        failures += 1;
        throw Object.assign(new Error('could not serialize access'), { code: failures === 2 ? '40P01' : '40001' });
      });
      await createPostgresStore({ pool }).locations(MUG.productId as never);
      expect(await restockOn(createPostgresStore({ pool: failing, commitWith }))).toBe('recorded as synced');
      expect(failures).toBe(3);
      expect((await createLedger({ store: createPostgresStore({ pool }) }).journal())._unsafeUnwrap().asOf).toBe(1);
    }),
  );

  it.each([
    ['40001', 'StoreBusy'],
    ['53100', 'StoreFull'],
    ['53300', 'StoreUnavailable'],
    ['25006', 'StoreUnavailable'],
    ['57014', 'StoreBusy'],
    ['57P01', 'OutcomeUnknown'],
    ['08006', 'OutcomeUnknown'],
    ['42501', 'StoreFailed'],
    ['22003', 'StoreFailed'],
    ['EPIPE', 'OutcomeUnknown'],
    [undefined, 'OutcomeUnknown'],
  ])('answers %s at a commit with %s', (code, kind) =>
    onPool(async pool => {
      await createPostgresStore({ pool }).locations(MUG.productId as never);
      const failing = poolWith(pool, (text, run) =>
        /commit_v1|^commit$/.test(text) ? Promise.reject(Object.assign(new Error('made up'), { code })) : run(),
      );
      for (const commitWith of PATHS)
        expect(await restockOn(createPostgresStore({ pool: failing, commitWith }))).toBe(kind);
    }),
  );

  it('is told that a statement took too long by the server, which has undone it, where it is one of a transaction', () =>
    onPool(async pool => {
      await makeRecordsSlow(pool);
      const store = createPostgresStore({ pool, commitWith: 'transaction', statementTimeoutMs: 500 });
      expect(await restockOn(store)).toBe('StoreBusy');
      expect((await createLedger({ store }).journal())._unsafeUnwrap().asOf).toBe(0);
    }));

  it('does not know what became of a call of the function that takes too long, and finds it at the next attempt', () =>
    onPool(async pool => {
      await makeRecordsSlow(pool);
      const ledger = createLedger({ store: createPostgresStore({ pool, statementTimeoutMs: 500 }) });
      const tracking = [startTracking(MUG.productId)];
      const command = {
        kind: 'RecordMovements',
        id: ledger.newId(),
        tracking,
        lines: [restock('STORE', MUG, 1)],
      } as const;
      expect((await ledger.execute(command))._unsafeUnwrapErr().kind).toBe('OutcomeUnknown');
      // The server goes on with it; until it is done the next attempt waits for its lock.
      let again = await ledger.execute(command);
      while (again.isErr() && again.error.retry === 'same-command') again = await ledger.execute(command);
      expect(again._unsafeUnwrap()).toMatchObject({ sequence: 1, replayed: true });
    }));
});
