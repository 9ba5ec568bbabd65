import { DEFAULT_ORGANIZATION_ID, type LedgerStore } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { CliError } from './cli-error.ts';

/** Opens the store that `--db` names, now, so that what is wrong with it is said before anything is served. */
export async function openStore(db: string): Promise<LedgerStore> {
  const store = isPostgres(db) ? createPostgresStore({ connectionString: db }) : createSqliteStore({ path: db });
  const opened = await store.locations(DEFAULT_ORGANIZATION_ID);
  if (opened.isErr()) throw new CliError(`--db ${nameOf(db)}: ${opened.error.message} (${opened.error.kind}).`);
  return store;
}

/** How a store is named in what is printed: the password of an address is nobody's business. */
export function nameOf(db: string): string {
  if (!isPostgres(db)) return db;
  if (!URL.canParse(db)) return 'postgres://…';
  const { host, pathname } = new URL(db);
  return `postgres://${host}${pathname}`;
}

/** Whether `--db` names a database on a server. */
export function isPostgres(db: string): boolean {
  return /^postgres(ql)?:/.test(db);
}
