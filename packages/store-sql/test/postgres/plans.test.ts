import {
  createLedger,
  type Ledger,
  type MovementLineInput,
  restock,
  sale,
  startTracking,
  transfer,
} from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../testing/test/postgres/server.ts';
import { balancesQuery, JOURNAL, LOAD, LOCATIONS, NOTES, POSTINGS } from '../../src/postgres/read-statements.ts';
import { COMMIT_SQL } from '../../src/postgres/statements.ts';

const TABLES = ['location', 'product', 'variant', 'balance', 'record', 'posting', 'note'] as const;
const ROWS = 20_000;
const SHOP = '7c1ad2a0-5f0f-11ec-bf63-0242ac130002';

/**
 * A look-up by the organization's part of a key, which reads all that the organization has. The head row has no more of
 * a key; a walk backward stops at the first row, which is the last integer.
 */
const ORGANIZATION_ALONE =
  /(Bitmap Index Scan on|Index (Only )?Scan using) (?!organization_)[^\n]*\n\s*Index Cond: \(organization = [^)]*\)\n/;
const READS_ALL = new Set(['LOCATIONS', 'all balances']);

const uuid = (group: string, number: string) =>
  `('${group}0000000-0000-4000-8000-' || lpad(${number}::text, 12, '0'))::uuid`;

let server: PostgresServer;
let url: string;
let admin: pg.Client;
beforeAll(async () => {
  server = await startPostgres();
  url = await server.newDatabase();
  admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await fill();
});
afterAll(async () => {
  await admin.end();
  await server.stop();
});

/** One organization with a long past, in tables that nobody has analysed: what a planner knows on the first day. */
async function fill(): Promise<void> {
  const ledger = createLedger({
    store: createPostgresStore({ connectionString: url }),
    organizationId: SHOP,
    policy: { floors: { STORE: 0 } },
  });
  await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking: [startTracking(SHOP)] });
  await ledger.close();
  await tellNothing(admin);
  await grow(admin);
}

/** Organizations of one row in each table: of all keys, the organization alone seems to be as good as any. */
async function neighbours(client: pg.Client): Promise<void> {
  const others = `from stockfold.organization where id <> '${SHOP}'`;
  await client.query(`
    insert into stockfold.organization (organization, id, sequence, recorded_at, config_version, policy)
      select 1000 + n, gen_random_uuid(), 1, 1, 1, '{"floors":{}}' from generate_series(1, 5000) n;
    insert into stockfold.location select organization, 1, gen_random_uuid(), 'STORE', '', 1 ${others};
    insert into stockfold.product select organization, 1, gen_random_uuid(), 1 ${others};
    insert into stockfold.variant select organization, 1, gen_random_uuid(), 1 ${others};
    insert into stockfold.record select organization, 1, gen_random_uuid(), 1, null, '[]' ${others}`);
}

/** Lets no autovacuum tell the planner what has become of the tables. Plans that were made before are made anew. */
async function tellNothing(client: pg.Client): Promise<void> {
  for (const table of TABLES) await client.query(`alter table stockfold.${table} set (autovacuum_enabled = false)`);
}

/** Gives the organization its past. */
async function grow(client: pg.Client): Promise<void> {
  const rows = `generate_series(50, ${ROWS}) n, (select organization as o from stockfold.organization where id = '${SHOP}') org`;
  await client.query(`
    insert into stockfold.product select o, n, ${uuid('b', 'n')}, 1 from ${rows};
    insert into stockfold.variant select o, n, ${uuid('c', 'n')}, n from ${rows};
    insert into stockfold.balance select o, n, 1, 5 from ${rows};
    insert into stockfold.balance select o, n, 2, -5 from ${rows};
    insert into stockfold.record select o, n, ${uuid('d', 'n')}, 1, null, '[]' from ${rows};
    insert into stockfold.note select o, 'hold', n::text, '1', n from ${rows};
    insert into stockfold.posting select o, n, 1, n, 5, 5 from ${rows};
    insert into stockfold.posting select o, n, 2, n, -5, -5 from ${rows};
    update stockfold.organization set sequence = ${ROWS} where id = '${SHOP}'`);
}

describe('on tables that were never analysed', () => {
  const pages = {
    'all balances': balancesQuery({ organizationId: SHOP as never, limit: 100 }),
    'balances of a moment, from a cursor': balancesQuery({
      organizationId: SHOP as never,
      asOf: 7,
      cursor: `${SHOP}.${SHOP}`,
      nonZero: true,
      limit: 100,
    }),
    'balances of variants and products': balancesQuery({
      organizationId: SHOP as never,
      locationId: SHOP as never,
      variantIds: [SHOP as never],
      productIds: [SHOP as never],
      limit: 100,
    }),
    'balances of products': balancesQuery({
      organizationId: SHOP as never,
      productIds: [SHOP as never],
      cursor: `${SHOP}.${SHOP}`,
      limit: 100,
    }),
  };
  const texts: Record<string, string> = { LOAD, LOCATIONS, JOURNAL, POSTINGS, NOTES, ...COMMIT_SQL };
  for (const [name, { text }] of Object.entries(pages)) texts[name] = text;

  it.each(Object.entries(texts))('no plan of %s scans a table', async (name, text) => {
    for (const mode of ['force_generic_plan', 'force_custom_plan']) {
      const plan = await planOf(text, mode);
      expect(plan).not.toMatch(/Seq Scan/);
      if (!READS_ALL.has(name)) expect(plan).not.toMatch(ORGANIZATION_ALONE);
    }
  });

  it.each(['function', 'transaction'] as const)('a command with a %s reads the rows it names', async commitWith => {
    const store = createPostgresStore({ connectionString: url, commitWith });
    const ledger = createLedger({ store, organizationId: SHOP });
    const before = await readsOf(admin);
    await trade(ledger, commitWith === 'function' ? 1_000 : 2_000);
    expect(await expectFewReads(admin, before)).toBe(0);
  });

  it.each([
    ['organizations that are short on average', neighbours],
    ['tables that are short', async () => undefined],
  ])('a command reads the rows it names, also when it was planned for %s', async (_, fillTables) => {
    const young = await server.newDatabase();
    const client = new pg.Client({ connectionString: young });
    await client.connect();
    const store = createPostgresStore({ connectionString: young });
    const ledger = createLedger({ store, organizationId: SHOP, policy: { floors: { STORE: 0 } } });
    const fresh = { productId: SHOP, variantId: ledger.newId() };
    // What is refused alone is loaded first.
    const refusedAlone = async () => {
      const answer = await ledger.execute(commandOf(ledger, [sale('STORE', fresh, 1_000)]));
      expect(answer._unsafeUnwrapErr().kind).toBe('StockInsufficient');
    };
    const refused = () =>
      [restock('STORE', fresh, 1), sale('STORE', fresh, 1_000)].map(line => commandOf(ledger, [line]));
    await ledger.execute({ ...commandOf(ledger, []), tracking: [startTracking(SHOP)] });
    await fillTables(client);
    await client.query('vacuum analyze');
    await tellNothing(client);
    // One connection for all of it, whose plans are made here.
    await ledger.executeAll(refused());
    await refusedAlone();
    await ledger.execute(commandOf(ledger, [restock('STORE', { productId: SHOP, variantId: ledger.newId() }, 1)]));
    await grow(client);
    const before = await readsOf(client);
    for (let round = 0; round < 10; round++) {
      const [recorded, short] = await ledger.executeAll(refused());
      expect([recorded?.isOk(), short?.isErr()]).toEqual([true, true]);
      await refusedAlone();
      const unseen = [restock('STORE', { productId: SHOP, variantId: ledger.newId() }, 1)];
      expect((await ledger.execute(commandOf(ledger, unseen))).isOk()).toBe(true);
    }
    await ledger.close();
    await expectFewReads(client, before);
    await client.end();
  });
});

const commandOf = (ledger: Ledger, lines: readonly MovementLineInput[]) =>
  ({ kind: 'RecordMovements', id: ledger.newId(), lines }) as const;

/** Moves old stock and new, writes old notes and new, asks for too much, and looks into the past. */
async function trade(ledger: Ledger, firstNote: number): Promise<void> {
  const id = (group: string, number: number) => `${group}0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const old = (number: number) => ({ productId: id('b', number), variantId: id('c', number) });
  for (let round = 0; round < 10; round++) {
    const fresh = { productId: id('b', 500 + round), variantId: ledger.newId() };
    const lines = [sale('STORE', old(100 + round), 1), restock('STORE', old(900), 1), restock('STORE', fresh, 2)];
    (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines }))._unsafeUnwrap();
    const written = firstNote + round;
    const noting = [
      { kind: 'hold', id: String(written), body: round, ifSequence: written },
      { kind: 'hold', id: ledger.newId(), body: round, ifSequence: 0 },
      { kind: 'hold', id: String(written + 500), body: null },
    ];
    (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), notes: noting }))._unsafeUnwrap();
    (await ledger.notes({ kind: 'hold', prefix: '19', cursor: '1912' }))._unsafeUnwrap();
    const short = [transfer('STORE', 'BIN', old(200), 1_000)];
    expect((await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines: short })).isErr()).toBe(true);
    (await ledger.balanceAt({ locationId: 'STORE', variantId: old(100).variantId, asOf: 50 }))._unsafeUnwrap();
  }
  await ledger.close();
}

/** Ends in how often a table was scanned as a whole, which is no harm while it is short. */
async function expectFewReads(client: pg.Client, before: Reads): Promise<number> {
  // The counters of a connection are in the books once it has ended.
  await expect.poll(async () => (await readsOf(client)).commits, { timeout: 10_000 }).toBeGreaterThan(before.commits);
  const after = await readsOf(client);
  expect(after.rows - before.rows).toBeLessThan(2_000);
  return after.scans - before.scans;
}

const MANY = 256;
const VALUES: Readonly<Record<string, string>> = {
  uuid: `'${SHOP}'`,
  text: `''`,
  json: `'[{"kind":"hold","id":"7","ifSequence":7,"record":0,"body":"1"}]'::json`,
  'uuid[]': `array(select gen_random_uuid() from generate_series(1, ${MANY}))`,
  'integer[]': `array(select n from generate_series(1, ${MANY}) n)`,
  'bigint[]': `array(select n from generate_series(1, ${MANY}) n)`,
};

/** The plan of a statement for arrays of any length, or for long ones. */
async function planOf(text: string, mode: string): Promise<string> {
  await admin.query(`set plan_cache_mode = ${mode}`);
  await admin.query(`prepare planned as ${text}`);
  const { rows } = await admin.query(
    `select unnest(parameter_types)::text as type from pg_prepared_statements where name = 'planned'`,
  );
  const values: string[] = [];
  for (const { type } of rows) {
    const [value] = (await admin.query(`select (${VALUES[type] ?? '1'})::${type}::text as value`)).rows;
    values.push(`'${value.value}'`);
  }
  const plan = await admin.query(`explain execute planned(${values.join(', ')})`);
  await admin.query('deallocate planned');
  return plan.rows.map(row => `${row['QUERY PLAN']}\n`).join('');
}

type Reads = Readonly<{ scans: number; rows: number; commits: number }>;

/** How often a table was scanned as a whole, how many rows and index entries were read, and how many records were written. */
async function readsOf(client: pg.Client): Promise<Reads> {
  // What this connection itself has read is put in the books at once, not a second later.
  await client.query('select pg_stat_force_next_flush()');
  const { rows } = await client.query(
    `
    select (select sum(seq_scan)::integer from pg_stat_user_tables where schemaname = 'stockfold'
        and relname = any ($1)) as scans,
      (select sum(idx_tup_read)::integer from pg_stat_user_indexes where schemaname = 'stockfold')
        + (select sum(seq_tup_read)::integer from pg_stat_user_tables where schemaname = 'stockfold') as rows,
      (select n_tup_ins::integer from pg_stat_user_tables where relname = 'record') as commits`,
    [TABLES],
  );
  return rows[0];
}
