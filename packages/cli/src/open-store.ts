import { DEFAULT_ORGANIZATION_ID, type LedgerStore } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { CliError } from './cli-error.ts';

/** Opens the store that `--db` names, now, so that what is wrong with it is said before anything is served. */
export async function openStore(db: string): Promise<LedgerStore> {
  if (/^postgres(ql)?:/.test(db)) throw new CliError('--db: PostgreSQL is not supported yet; name a SQLite file.');
  const store = createSqliteStore({ path: db });
  const opened = await store.locations(DEFAULT_ORGANIZATION_ID);
  if (opened.isErr()) throw new CliError(`--db ${db}: ${opened.error.message} (${opened.error.kind}).`);
  return store;
}
