import { resolve } from 'node:path';
import { type LedgerStore, type StoreFault, storeFault } from '@stockfold/core';
import { ResultAsync } from 'neverthrow';
import { commitInTransaction, type Memory } from './commit.ts';
import { type Connection, connect, isInMemory } from './connection.ts';
import { toStoreFault } from './fault.ts';
import { readBalances, readInTransaction, readJournal, readLocations, readSlice } from './read.ts';
import { readLowStock, readTrackedProducts } from './read-settings.ts';

/** Where the ledger is kept. */
export type SqliteStoreOptions = Readonly<{
  /** A file on a local disk, made when absent; `:memory:` for one that ends with the store. */
  path: string;
  /** How long a call waits for another process that writes, in milliseconds; 5,000 when absent. */
  busyTimeoutMs?: number | undefined;
}>;

const BUSY_TIMEOUT_MS = 5_000;

/**
 * The ledger in a SQLite file, through `node:sqlite`: WAL, `synchronous = FULL`, STRICT tables. Several processes may
 * have the same file open.
 *
 * The file is opened and brought up to date by the first call, which answers with the fault if it cannot be.
 *
 * @throws TypeError when an option is none: a mistake in the program.
 */
export function createSqliteStore({ path, busyTimeoutMs = BUSY_TIMEOUT_MS }: SqliteStoreOptions): LedgerStore {
  if (typeof path !== 'string' || path === '') throw new TypeError('createSqliteStore: path names a file');
  if (!Number.isSafeInteger(busyTimeoutMs) || busyTimeoutMs < 0 || busyTimeoutMs > 2_147_483_647)
    throw new TypeError('createSqliteStore: busyTimeoutMs is a number of milliseconds');
  const memory: Memory = new Map();
  let closed = false;
  let connection: Promise<Connection> | null = null;

  const open = (): Promise<Connection> => {
    if (closed) return Promise.reject(storeFault('StoreClosed', 'the store was closed'));
    connection ??= connect({ path: isInMemory(path) ? path : resolve(path), busyTimeoutMs }).catch((fault: unknown) => {
      // The next call tries again: a directory may be made, a disk mounted.
      connection = null;
      throw fault;
    });
    return connection;
  };
  const call = <T>(run: (connection: Connection) => T): ResultAsync<T, StoreFault> =>
    ResultAsync.fromPromise(open().then(run), error => toStoreFault(error));
  const read = <T>(look: (connection: Connection) => T) => call(connected => readInTransaction(connected, look));

  return {
    durability: isInMemory(path) ? 'memory' : 'device',
    load: (organizationId, keys, commandIds) =>
      read(connected => readSlice(connected, organizationId, keys, commandIds)),
    commit: commit => call(connected => commitInTransaction(connected, commit, memory)),
    balances: query => read(connected => readBalances(connected, query)),
    journal: query => read(connected => readJournal(connected, query)),
    trackedProducts: query => read(connected => readTrackedProducts(connected, query)),
    lowStock: query => read(connected => readLowStock(connected, query)),
    locations: organizationId => read(connected => readLocations(connected, organizationId)),
    close: () => {
      const opened = connection;
      closed = true;
      connection = null;
      return ResultAsync.fromPromise(
        Promise.resolve(opened).then(
          connected => connected?.db.close(),
          () => undefined,
        ),
        error => toStoreFault(error),
      );
    },
  };
}
