import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { COMMIT_FUNCTION } from './commit-function.ts';
import { LOW_STOCK_TABLE, TABLES } from './tables.ts';

/** Forward only: what a database was opened with once is never rewritten; a changed function gets a new name. */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001_ledger': { up: createLedgerTables },
  '0002_commit_v1': { up: createCommitFunction },
  '0003_low_stock': { up: createLowStockTable },
};

async function createLedgerTables(db: Kysely<unknown>): Promise<void> {
  for (const table of TABLES) await sql.raw(table).execute(db);
}

/** An engine without PL/pgSQL does without; it is opened with `commitWith: 'transaction'`. */
async function createCommitFunction(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql`select 1 from pg_catalog.pg_language where lanname = 'plpgsql'`.execute(db);
  if (rows.length > 0) await sql.raw(COMMIT_FUNCTION).execute(db);
}

async function createLowStockTable(db: Kysely<unknown>): Promise<void> {
  await sql.raw(LOW_STOCK_TABLE).execute(db);
}
