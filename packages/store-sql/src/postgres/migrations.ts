import type { Migrations } from '../migration.ts';
import { COMMIT_FUNCTION } from './commit-function.ts';
import { LOAD_FUNCTION } from './load-function.ts';
import { TABLES } from './tables.ts';
import { HOLDS_VIEW, VIEWS } from './views.ts';

/** What has been done to a database, in order. A changed function gets a new name: processes of two versions may run. */
export const migrations: Migrations = {
  '0001_ledger': TABLES,
  '0002_commit_v1': [COMMIT_FUNCTION],
  '0003_invariants': VIEWS,
  '0004_holds': [HOLDS_VIEW],
  '0005_load_v1': [LOAD_FUNCTION],
};

/** Those that an engine without PL/pgSQL does without; its stores are opened with `commitWith: 'transaction'`. */
export const IN_PLPGSQL: readonly string[] = ['0002_commit_v1', '0005_load_v1'];

/** The tables in which the migrator notes what was run, as it would make them itself. */
export const BOOKS: readonly string[] = [
  'create schema if not exists stockfold',
  `create table stockfold.migration (
    name varchar(255) not null primary key, "timestamp" varchar(255) not null
  )`,
  `create table stockfold.migration_lock (
    id varchar(255) not null primary key, is_locked integer default 0 not null
  )`,
  `insert into stockfold.migration_lock (id, is_locked) values ('migration_lock', 0)`,
];
