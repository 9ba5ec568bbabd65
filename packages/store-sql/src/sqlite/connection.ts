import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { storeFault } from '@stockfold/core';
import { toStoreFault } from './fault.ts';
import type { Memory } from './interned.ts';
import { appliedMigrations, migrate, refuseOther } from './migrate.ts';
import { prepare, type Statements } from './statements.ts';

/** A file that is open. What it remembers ends with it: the file may be another one when it is opened again. */
export type Connection = Readonly<{
  db: DatabaseSync;
  statements: Statements;
  memory: Memory;
  /** Throws a `StoreFault` when the path names another file by now, or none. */
  expectInPlace: () => void;
}>;

/** How to open a file. */
export type ConnectionOptions = Readonly<{
  path: string;
  /** How long a call waits for another writer, in milliseconds. */
  busyTimeoutMs: number;
  /** Whether tables are made and brought up to date, or must be there. */
  migrate: boolean;
}>;

/** Opens the file, brings its tables up to date, and prepares every statement. Throws a `StoreFault`. */
export async function connect(options: ConnectionOptions): Promise<Connection> {
  const db = open(options);
  try {
    // Looked at before anything is set: a file of a newer version is left as it is, and so is one to be left alone.
    refuseOther(appliedMigrations(db), options.migrate);
    configure(db);
    await migrate(db);
    return { db, statements: prepare(db), memory: new Map(), expectInPlace: watchPlace(options.path) };
  } catch (error) {
    disconnect(db);
    throw toStoreFault(error);
  }
}

/** Closes a connection that may be closed already, or broken: what is committed stays committed either way. */
export function disconnect(db: DatabaseSync): void {
  try {
    if (db.isOpen) db.close();
  } catch {
    // SQLite gives the file back when the process ends.
  }
}

/** Whether the path names a database that lives in memory only. */
export function isInMemory(path: string): boolean {
  return path === ':memory:';
}

function open({ path, busyTimeoutMs, migrate: isMade }: ConnectionOptions): DatabaseSync {
  // SQLite makes a file that is not there.
  if (!isMade && !isInMemory(path) && !existsSync(path)) refuseOther([], false);
  try {
    return new DatabaseSync(path, { timeout: busyTimeoutMs });
  } catch (error) {
    throw toStoreFault(error);
  }
}

/** SQLite goes on writing to a file that was deleted or replaced, and what it commits there nobody finds again. */
function watchPlace(path: string): () => void {
  if (isInMemory(path)) return () => undefined;
  const opened = statSync(path);
  return () => {
    const now = statSync(path, { throwIfNoEntry: false });
    if (now?.ino !== opened.ino || now.dev !== opened.dev)
      throw storeFault('StoreUnavailable', 'the database file was moved, deleted or replaced while it was open');
  };
}

const LOG_PAGES = 1_000;
const LOG_BYTES_MAX = 8 * 1024 * 1024;

// Set and read back: what a driver or a build takes for its default differs, and NORMAL loses acknowledged commits in
// most simulated power cuts where FULL loses none (`pnpm test:crash power-cuts`).
function configure(db: DatabaseSync): void {
  const inMemory = db.location() === null;
  if (!inMemory && pragma(db, 'journal_mode = wal') !== 'wal')
    throw storeFault('StoreUnavailable', 'the file cannot be used in WAL mode: is it on a local disk?');
  db.exec('pragma synchronous = full');
  if (!inMemory && pragma(db, 'synchronous') !== 2)
    throw storeFault('StoreUnavailable', 'the file cannot be used with synchronous = FULL');
  // Every commit that leaves so many pages in the log copies them to the file, and the log is begun anew when nobody
  // reads in it. What a long reader has made it grow to is given back then.
  db.exec(`pragma wal_autocheckpoint = ${LOG_PAGES}; pragma journal_size_limit = ${LOG_BYTES_MAX}`);
}

function pragma(db: DatabaseSync, text: string): unknown {
  return Object.values(db.prepare(`pragma ${text}`).get() ?? {})[0];
}
