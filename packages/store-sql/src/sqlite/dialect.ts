import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
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
import { rollBack } from './roll-back.ts';

/** Kysely over a connection that is already open; it is the owner's to close. */
export function kyselyOn(db: DatabaseSync): Kysely<unknown> {
  return new Kysely({ dialect: dialectWith(() => new ImmediateDriver(db)) });
}

function dialectWith(createDriver: Dialect['createDriver']): Dialect {
  return {
    createDriver,
    createAdapter: () => new TransactionalSchemaAdapter(),
    createIntrospector: db => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** SQLite rolls DDL back like anything else, so all migrations are one transaction. */
class TransactionalSchemaAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Takes the write lock at once: two processes that open a new file migrate it one after the other. */
class ImmediateDriver extends SqliteDriver {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    super({ database: asKyselyDatabase(db) });
    this.#db = db;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  // A full disk or an I/O error has rolled back already, and a ROLLBACK without a transaction would hide why.
  override async rollbackTransaction(): Promise<void> {
    rollBack(this.#db);
  }
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
