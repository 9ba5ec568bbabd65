import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  type Dialect,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Tables } from '../schema.ts';

/** Kysely over a connection that is already open; it is the owner's to close. */
export function kyselyOn(db: DatabaseSync): Kysely<unknown> {
  return new Kysely({ dialect: dialectWith(() => new SqliteDriver({ database: asKyselyDatabase(db) })) });
}

function dialectWith(createDriver: Dialect['createDriver']): Dialect {
  return {
    createDriver,
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: db => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** The few members of better-sqlite3 that Kysely calls, on `node:sqlite`. */
function asKyselyDatabase(db: DatabaseSync): SqliteDatabase {
  return {
    close: () => undefined,
    prepare: text => {
      const statement = db.prepare(text);
      return {
        reader: statement.columns().length > 0,
        all: parameters => statement.all(...(parameters as SQLInputValue[])),
        run: parameters => statement.run(...(parameters as SQLInputValue[])),
        iterate: parameters => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}

/** Kysely that only builds and compiles. */
export const builder: Kysely<Tables> = new Kysely<Tables>({ dialect: dialectWith(() => new DummyDriver()) });
