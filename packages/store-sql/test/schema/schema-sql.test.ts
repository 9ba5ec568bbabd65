import { createLedger, type LedgerStore, type StoreFault } from '@stockfold/core';
import { createPostgresStore, schemaSql as postgresSchemaSql } from '@stockfold/store-sql/postgres';
import { createSqliteStore, schemaSql as sqliteSchemaSql } from '@stockfold/store-sql/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../testing/test/postgres/server.ts';
import { INVARIANT_VIEWS } from '../../src/invariant-views.ts';
import { type Books, DIALECTS, type Dialect, openBooks } from './books.ts';
import { trade } from './damage.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const SCHEMA_SQL = { sqlite: sqliteSchemaSql, postgres: postgresSchemaSql };

async function onBooks(dialect: Dialect, body: (books: Books) => Promise<void>): Promise<void> {
  const books = await openBooks(dialect, server);
  try {
    await body(books);
  } finally {
    await books.end();
  }
}

async function faultOf(store: LedgerStore): Promise<StoreFault> {
  return (await createLedger({ store }).locations())._unsafeUnwrapErr();
}

const EVERYTHING = {
  sqlite: `select type, name, replace(replace(replace(sql, char(10), ''), ' ', ''), 'CREATETABLE', 'createtable') as sql
    from sqlite_schema where name like '%stockfold%' order by name`,
  postgres: `
    select c.relname as name, a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid) as standard, c.reloptions,
      case c.relkind when 'v' then pg_get_viewdef(c.oid) when 'i' then pg_get_indexdef(c.oid) end as definition
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'stockfold'::regnamespace
    union all
    select conname, null, contype::text, null, pg_get_constraintdef(oid), null, null
    from pg_constraint where connamespace = 'stockfold'::regnamespace
    union all
    select proname, null, null, null, null, null, pg_get_functiondef(oid)
    from pg_proc where pronamespace = 'stockfold'::regnamespace
    order by 1, 2, 3, 5`,
};

const LATEST = { sqlite: '0004_holds', postgres: '0005_load_v1' };
const BEFORE = { sqlite: '0001_ledger', postgres: '0002_commit_v1' };

/** Takes back all but the tables and the commit function, as if an older version had made the schema. */
async function makeOld({ named, run }: Books, dialect: Dialect): Promise<void> {
  if (dialect === 'postgres') await run('drop function stockfold.load_v1');
  for (const view of [...Object.keys(INVARIANT_VIEWS).reverse(), 'fold', 'movement', 'event'])
    await run(`drop view ${named(view)}`);
  await run(`delete from ${named('migration')} where name >= '0003'`);
}

describe.each(DIALECTS)('the schema of %s as SQL', dialect => {
  it('makes what a store makes, to the letter', () =>
    onBooks(dialect, byHand =>
      onBooks(dialect, async byStore => {
        await byHand.run(SCHEMA_SQL[dialect]());
        await createLedger({ store: byStore.open() }).locations();
        const made = await byStore.rows(EVERYTHING[dialect]);
        expect(await byHand.rows(EVERYTHING[dialect])).toEqual(made);
        expect(made.length).toBeGreaterThan(20);
        const names = `select name from ${byHand.named('migration')} order by name`;
        expect(await byHand.rows(names)).toEqual(await byStore.rows(names));
      }),
    ));

  it('is taken by a store that may not migrate, and by one that may', () =>
    onBooks(dialect, async books => {
      await books.run(SCHEMA_SQL[dialect]());
      const store = books.open({ migrate: false });
      await trade(store);
      const { ok, records } = (await createLedger({ store }).verify())._unsafeUnwrap();
      expect({ ok, records }).toEqual({ ok: true, records: 7 });
      await store.close();
      const other = books.open();
      expect((await createLedger({ store: other }).journal())._unsafeUnwrap().asOf).toBe(7);
      await other.close();
    }));

  it('is named in the fault of a store that may not migrate and finds nothing, and nothing is made', () =>
    onBooks(dialect, async books => {
      const store = books.open({ migrate: false });
      const command = `stockfold schema --dialect ${dialect}`;
      expect(await faultOf(store)).toMatchObject({
        kind: 'StoreUnavailable',
        message: `the database has no Stockfold schema: run what "${command}" prints, or open the store without migrate: false`,
      });
      await expect(books.rows(`select * from ${books.named('migration')}`)).rejects.toThrow();
      // The next call looks again.
      await books.run(SCHEMA_SQL[dialect]());
      await trade(store);
      await store.close();
    }));

  it('can begin after what an older version has made', () =>
    onBooks(dialect, async books => {
      const first = books.open();
      await trade(first);
      await first.close();
      await makeOld(books, dialect);
      const store = books.open({ migrate: false });
      const { kind, message } = await faultOf(store);
      expect(kind).toBe('StoreUnavailable');
      expect(message).toContain(`run what "stockfold schema --dialect ${dialect} --after ${BEFORE[dialect]}" prints`);
      await books.run(SCHEMA_SQL[dialect]({ after: BEFORE[dialect] }));
      expect((await createLedger({ store }).verify())._unsafeUnwrap().ok).toBe(true);
      expect(await books.rows(`select * from ${books.named('conserves')}`)).toEqual([]);
      await store.close();
    }));

  it('is brought up to date by a store, and its rows stay', () =>
    onBooks(dialect, async books => {
      const first = books.open();
      await trade(first);
      await first.close();
      await makeOld(books, dialect);
      const store = books.open();
      expect((await createLedger({ store }).journal())._unsafeUnwrap().asOf).toBe(7);
      expect(await books.rows(`select * from ${books.named('matches_journal')}`)).toEqual([]);
      await store.close();
    }));

  it('is made whole or not at all', () =>
    onBooks(dialect, async books => {
      // The name of a view is taken: the last migration fails when the first ones are done.
      if (dialect === 'postgres') await books.run('create schema stockfold');
      await books.run(`create table ${books.named('config_agrees')} (of_somebody_else integer)`);
      const store = books.open();
      expect((await faultOf(store)).kind).toBe('StoreFailed');
      await store.close();
      for (const table of ['organization', 'posting', 'migration', 'conserves'])
        await expect(books.rows(`select * from ${books.named(table)}`)).rejects.toThrow();
    }));

  it('is left alone when a newer version has made it, whoever migrates', () =>
    onBooks(dialect, async books => {
      await books.run(SCHEMA_SQL[dialect]());
      await books.run(`insert into ${books.named('migration')} values ('9999_future', '2099-01-01')`);
      for (const migrate of [true, false]) {
        const store = books.open({ migrate });
        expect((await faultOf(store)).kind).toBe('StoreTooNew');
        await store.close();
      }
    }));

  it('begins after no migration that there is none of', () => {
    expect(() => SCHEMA_SQL[dialect]({ after: '0002_future' })).toThrow(TypeError);
    expect(SCHEMA_SQL[dialect]({ after: LATEST[dialect] })).not.toContain('create');
  });
});

describe('the schema of PostgreSQL as SQL', () => {
  it('leaves the function out for engines without PL/pgSQL', () =>
    onBooks('postgres', async books => {
      const early = books.open({ migrate: false, commitWith: 'transaction' });
      const command = 'stockfold schema --dialect postgres --commit-with transaction';
      expect((await faultOf(early)).message).toContain(`run what "${command}" prints`);
      await early.close();
      const text = postgresSchemaSql({ commitWith: 'transaction' });
      expect(text).not.toContain('plpgsql');
      await books.run(text);
      const store = books.open({ migrate: false, commitWith: 'transaction' });
      await trade(store);
      expect((await createLedger({ store }).verify())._unsafeUnwrap().ok).toBe(true);
      await store.close();
    }));

  it('is refused with an option that is none', () => {
    const migrate = 'no' as unknown as boolean;
    expect(() => createPostgresStore({ connectionString: 'postgres://localhost', migrate })).toThrow(TypeError);
    expect(() => createSqliteStore({ path: 'x', migrate })).toThrow(TypeError);
  });
});
