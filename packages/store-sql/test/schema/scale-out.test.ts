import { readFileSync } from 'node:fs';
import { createLedger } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../testing/test/postgres/server.ts';
import { CALL_COMMIT, COMMIT_FUNCTION } from '../../src/postgres/commit-function.ts';
import {
  balancesQuery,
  JOURNAL,
  LOAD,
  LOCATIONS,
  LOW_STOCK,
  NOTES,
  POSTINGS,
  TRACKED_PRODUCTS,
} from '../../src/postgres/read-statements.ts';
import { schemaSql } from '../../src/postgres/schema-sql.ts';
import { COMMIT_SQL } from '../../src/postgres/statements.ts';

const ID = '7c1ad2a0-5f0f-11ec-bf63-0242ac130002' as never;
const STATEMENTS: Readonly<Record<string, string>> = {
  ...COMMIT_SQL,
  LOAD,
  LOCATIONS,
  JOURNAL,
  POSTINGS,
  TRACKED_PRODUCTS,
  LOW_STOCK,
  NOTES,
  balances: balancesQuery({ organizationId: ID, limit: 9 }).text,
  'balances of everything': balancesQuery({
    organizationId: ID,
    locationId: ID,
    variantIds: [ID],
    productIds: [ID],
    nonZero: true,
    asOf: 1,
    cursor: `${ID}.${ID}`,
    limit: 9,
  }).text,
};

let server: PostgresServer;
let admin: pg.Client;
beforeAll(async () => {
  server = await startPostgres();
  const url = await server.newDatabase();
  admin = new pg.Client({ connectionString: url });
  await admin.connect();
  const store = createPostgresStore({ connectionString: url });
  (await createLedger({ store }).locations())._unsafeUnwrap();
  await store.close();
});
afterAll(async () => {
  await admin.end();
  await server.stop();
});

const rowsOf = async (text: string) => (await admin.query(text)).rows;

const NAMES_ORGANIZATION = /organization = |\(organization, /;

/** The pieces of a statement, each from its mention of a table to the next one, in which no organization is named. */
function usesWithout(text: string): readonly string[] {
  const uses = text.split(/(?=\b(?:from|join|into|update) stockfold\.\w+)/).filter(use => /^\w+ stockfold/.test(use));
  expect(uses.length).toBeGreaterThan(0);
  // The head row is found by the id, at the end of the statement.
  const isHead = (use: string) =>
    use.includes('stockfold.organization ') && /\b(o\.)?id = (\$1|p_organization)/.test(text);
  return uses.filter(use => !NAMES_ORGANIZATION.test(use) && !isHead(use)).map(use => use.trim());
}

// What Citus, CockroachDB and YugabyteDB need of a schema, and what none of them could be asked for here.
describe('the PostgreSQL schema, for engines that shard', () => {
  it('begins every key of every table with the organization, but for its own id', async () => {
    const keys = await rowsOf(`select i.indrelid::regclass::text as relation, a.attname as first
      from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indrelid::regclass::text like 'stockfold.%' and i.indrelid::regclass::text not like '%migration%'`);
    expect(keys.length).toBeGreaterThanOrEqual(13);
    const others = keys.filter(({ first }) => first !== 'organization');
    expect(others).toEqual([{ relation: 'stockfold.organization', first: 'id' }]);
  });

  it('has no sequence, no foreign key, no trigger, and needs no extension', async () => {
    expect(await rowsOf(`select relname from pg_class where relkind = 'S'`)).toEqual([]);
    expect(await rowsOf(`select conname from pg_constraint where contype = 'f'`)).toEqual([]);
    expect(await rowsOf('select tgname from pg_trigger')).toEqual([]);
    expect(await rowsOf(`select extname from pg_extension where extname <> 'plpgsql'`)).toEqual([]);
    expect(schemaSql()).not.toMatch(/extension|nextval|identity|serial/i);
  });

  it('has two functions, which the plain transaction does without', () => {
    expect(schemaSql().match(/create function/g)).toHaveLength(2);
    expect(schemaSql({ commitWith: 'transaction' })).not.toMatch(/create function/);
  });

  it('takes no advisory lock, no lock of a table, and listens to no channel', () => {
    const files = ['migrate', 'connection', 'commit', 'commit-in-transaction', 'read', 'postgres-store'];
    const sources = files.map(file => readFileSync(new URL(`../../src/postgres/${file}.ts`, import.meta.url), 'utf8'));
    const code = sources.join('\n').replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '');
    for (const text of [code, schemaSql(), CALL_COMMIT, ...Object.values(STATEMENTS)])
      expect(text).not.toMatch(/advisory|lock table|\blisten\b|\bnotify\b/i);
  });

  // The last integer that an organization was given, for one that is new.
  const LAST = 'from stockfold.organization o on conflict do nothing';

  it.each(Object.entries(STATEMENTS))('names the organization wherever %s touches a table', (name, text) => {
    expect(usesWithout(text)).toEqual(name === 'insertHead' ? [LAST] : []);
  });

  it('names the organization wherever the function touches a table', () => {
    expect(COMMIT_FUNCTION).toContain(`${LAST};`);
    expect(usesWithout(COMMIT_FUNCTION)).toEqual([]);
  });
});
