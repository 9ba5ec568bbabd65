import { scriptOf } from '../migration.ts';
import { migrations } from './migrations.ts';

/** What a script is to begin from. */
export type SqliteSchemaOptions = Readonly<{
  /** The last migration that the file has seen, for one that is to be brought up to date; absent for a new one. */
  after?: string | undefined;
}>;

// As Kysely's migrator makes them.
const BOOKS = [
  `create table "stockfold_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null)`,
  `create table "stockfold_migration_lock" (
    "id" varchar(255) not null primary key, "is_locked" integer default 0 not null
  )`,
  `insert into stockfold_migration_lock (id, is_locked) values ('migration_lock', 0)`,
];

/**
 * The schema as SQL, for those who make tables by hand: one script, one transaction. A store opened with `migrate: false`
 * takes the file as it is afterwards.
 *
 * @throws TypeError when `after` is no migration.
 */
export function schemaSql({ after }: SqliteSchemaOptions = {}): string {
  return scriptOf({
    migrations,
    after,
    begin: '-- Stockfold, for SQLite 3.39 or newer.\nbegin immediate',
    books: BOOKS,
    note: name => `insert into stockfold_migration values ('${name}', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))`,
  });
}
