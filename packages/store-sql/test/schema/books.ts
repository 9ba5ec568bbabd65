import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LedgerStore } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import pg from 'pg';
import type { PostgresServer } from '../../../testing/test/postgres/server.ts';

/** A new, empty database, as somebody sees it who comes with SQL. */
export type Books = Readonly<{
  /** Opens a store on it. */
  open: (options?: Readonly<{ migrate?: boolean; commitWith?: 'transaction' }>) => LedgerStore;
  /** A table or view by its name in a statement. */
  named: (name: string) => string;
  /** Runs statements. */
  run: (text: string) => Promise<void>;
  /** Runs one and gives its rows. */
  rows: (text: string) => Promise<readonly Record<string, unknown>[]>;
  /** Takes the database away. */
  end: () => Promise<void>;
}>;

export const DIALECTS = ['sqlite', 'postgres'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Makes new books; those of PostgreSQL on a server of the test. */
export async function openBooks(dialect: Dialect, server: PostgresServer): Promise<Books> {
  return dialect === 'sqlite' ? sqliteBooks() : postgresBooks(await server.newDatabase());
}

function sqliteBooks(): Books {
  const directory = mkdtempSync(join(tmpdir(), 'stockfold-books-'));
  const path = join(directory, 'ledger.db');
  let db: DatabaseSync | null = null;
  // Not before it is used: to open a file makes it.
  const opened = () => {
    db ??= new DatabaseSync(path);
    return db;
  };
  return {
    open: ({ migrate } = {}) => createSqliteStore({ path, migrate }),
    named: name => `stockfold_${name}`,
    run: async text => opened().exec(text),
    rows: async text => opened().prepare(text).all(),
    end: async () => {
      db?.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function postgresBooks(url: string): Books {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  pool.on('error', () => undefined);
  return {
    open: options => createPostgresStore({ pool, ...options }),
    named: name => `stockfold.${name}`,
    run: async text => void (await pool.query(text)),
    rows: async text => (await pool.query(text)).rows,
    end: () => pool.end(),
  };
}
