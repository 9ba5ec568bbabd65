import { scriptOf } from '../migration.ts';
import { BOOKS, IN_PLPGSQL, migrations } from './migrations.ts';

/** What a script is to begin from, and for which stores it is. */
export type PostgresSchemaOptions = Readonly<{
  /** The last migration that the database has seen, for one that is to be brought up to date; absent for a new one. */
  after?: string | undefined;
  /** `'transaction'` leaves the functions out, for engines without PL/pgSQL. */
  commitWith?: 'function' | 'transaction' | undefined;
}>;

/**
 * The schema as SQL, for those who make tables by hand: one script, one transaction. A store opened with `migrate: false`
 * takes the database as it is afterwards.
 *
 * @throws TypeError when `after` is no migration.
 */
export function schemaSql({ after, commitWith = 'function' }: PostgresSchemaOptions = {}): string {
  return scriptOf({
    migrations,
    after,
    begin: '-- Stockfold, for PostgreSQL 15 or newer.\nbegin',
    books: BOOKS,
    note: name =>
      `insert into stockfold.migration values ('${name}', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`,
    skip: commitWith === 'transaction' ? IN_PLPGSQL : [],
  });
}
