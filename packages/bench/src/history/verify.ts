import { DatabaseSync } from 'node:sqlite';
import { createLedger, type Ledger } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import type pg from 'pg';
import type { Ground } from '../ground.ts';
import { connect, openLedger } from '../postgres/stocked-database.ts';
import type { Contest, Sample, Sides } from '../row.ts';
import { type BalanceRow, BareFold, type PostingRow, type RecordRow } from './bare-fold.ts';
import { postgresHistory } from './postgres.ts';
import { sqliteHistory } from './sqlite.ts';

/** `verify()` of a long history, against a bare fold of the same rows: records, postings, and balances. */
export const verify: readonly Contest[] = [
  { rows: [rowOf('sqlite')], repetitionsMax: 5, open: openSqlite },
  { rows: [rowOf('postgres')], repetitionsMax: 5, open: openPostgres },
];

function rowOf(store: string): Contest['rows'][number] {
  return { name: `verify/${store}`, figure: 'seconds', unit: 's', target: { atMost: 2 } };
}

async function openSqlite(ground: Ground): Promise<Sides> {
  const path = await sqliteHistory(ground);
  const ledger = createLedger({ store: createSqliteStore({ path }) });
  const db = new DatabaseSync(path, { readOnly: true });
  const all = (text: string) => db.prepare(text).iterate() as Iterable<never>;
  return {
    ours: () => timed(() => verified(ledger, ground)),
    reference: () =>
      timed(async () => {
        const fold = new BareFold();
        for (const row of all(RECORDS('stockfold_'))) fold.addRecord(row);
        for (const row of all(BALANCES('stockfold_'))) fold.compare(row);
        for (const row of all(POSTINGS('stockfold_'))) fold.addPosting(row);
        expectAll(fold, ground);
      }),
    close: async () => {
      await ledger.close();
      db.close();
    },
  };
}

async function openPostgres(ground: Ground): Promise<Sides> {
  const url = await postgresHistory(ground);
  const ledger = openLedger(url);
  const client = await connect(url);
  return {
    ours: () => timed(() => verified(ledger, ground)),
    reference: () =>
      timed(async () => {
        const fold = new BareFold();
        await client.query('begin isolation level repeatable read read only');
        await eachRow<RecordRow>(client, RECORDS('stockfold.'), row => fold.addRecord(row));
        await eachRow<BalanceRow>(client, BALANCES('stockfold.'), row => fold.compare(row));
        await eachRow<PostingRow>(client, POSTINGS('stockfold.'), row => fold.addPosting(row));
        await client.query('commit');
        expectAll(fold, ground);
      }),
    close: async () => {
      await ledger.close();
      await client.end();
    },
  };
}

const RECORDS = (prefix: string) => `select events from ${prefix}record order by organization, sequence`;
const POSTINGS = (prefix: string) =>
  `select variant, location, delta, after from ${prefix}posting order by organization, variant, location, sequence`;
const BALANCES = (prefix: string) => `select v.id as variant, l.id as location, b.on_hand
  from ${prefix}balance b join ${prefix}variant v on v.organization = b.organization and v.variant = b.variant
  join ${prefix}location l on l.organization = b.organization and l.location = b.location`;

const ROWS = 10_000;

/** By a cursor of the server, so that no more than a batch of rows is held. */
async function eachRow<Row>(client: pg.Client, text: string, take: (row: Row) => void): Promise<void> {
  await client.query(`declare rows no scroll cursor for ${text}`);
  for (let count = ROWS; count === ROWS; ) {
    const { rows } = await client.query({ text: `fetch ${ROWS} from rows`, types: NUMBERS });
    for (const row of rows) take(row);
    count = rows.length;
  }
  await client.query('close rows');
}

// `pg` reads 64 bits as text.
const NUMBERS = { getTypeParser: (oid: number) => (oid === 25 || oid === 2950 ? String : Number) } as never;

async function timed(work: () => Promise<void>): Promise<Sample> {
  const start = performance.now();
  await work();
  return { seconds: (performance.now() - start) / 1_000 };
}

async function verified(ledger: Ledger, { size }: Ground): Promise<void> {
  const { ok, records } = (await ledger.verify())._unsafeUnwrap();
  if (!ok || records !== size.movements + 1)
    throw new Error('the history of the bench is not as the ledger would write it');
}

function expectAll({ records, postings }: BareFold, { size }: Ground): void {
  if (records !== size.movements + 1 || postings !== 2 * size.movements)
    throw new Error('the fold has not read all rows');
}
