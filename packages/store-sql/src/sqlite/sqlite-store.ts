import { resolve } from 'node:path';
import type { LedgerStore, StoreFault } from '@stockfold/core';
import { ResultAsync } from 'neverthrow';
import { commitInTransaction } from './commit.ts';
import { type Connection, isInMemory } from './connection.ts';
import { toStoreFault } from './fault.ts';
import { countFound, readHistories } from './proof.ts';
import { readBalances, readInTransaction, readJournal, readLocations, readPostings, readSlice } from './read.ts';
import { readLowStock, readNotes, readTrackedProducts } from './read-settings.ts';
import { SqliteFile } from './sqlite-file.ts';
import { mend, mendHead, takeCensus } from './upkeep.ts';

/** Where the ledger is kept. */
export type SqliteStoreOptions = Readonly<{
  /** A file on a local disk, made when absent; `:memory:` for one that ends with the store. */
  path: string;
  /** How long a call waits for another process that writes, in milliseconds; 5,000 when absent. */
  busyTimeoutMs?: number | undefined;
  /**
   * False for a file whose tables somebody else makes, by `schemaSql`: without them, or with older ones, every call is
   * `StoreUnavailable` and says what to run. The store makes them itself when absent.
   */
  migrate?: boolean | undefined;
}>;

const BUSY_TIMEOUT_MS = 5_000;

/**
 * The ledger in a SQLite file, through `node:sqlite`: WAL, `synchronous = FULL`, STRICT tables. Several processes may
 * have the same file open.
 *
 * The file is opened and brought up to date by the first call, which answers with the fault if it cannot be. After an
 * I/O error it is closed, and opened again by the next call.
 *
 * @throws TypeError when an option is none: a mistake in the program.
 */
export function createSqliteStore(options: SqliteStoreOptions): LedgerStore {
  const { path, busyTimeoutMs = BUSY_TIMEOUT_MS, migrate = true } = options;
  if (typeof path !== 'string' || path === '') throw new TypeError('createSqliteStore: path names a file');
  if (!Number.isSafeInteger(busyTimeoutMs) || busyTimeoutMs < 0 || busyTimeoutMs > 2_147_483_647)
    throw new TypeError('createSqliteStore: busyTimeoutMs is a number of milliseconds');
  if (typeof migrate !== 'boolean') throw new TypeError('createSqliteStore: migrate is true or false');
  const file = new SqliteFile({ path: isInMemory(path) ? path : resolve(path), busyTimeoutMs, migrate });
  const call = <T>(run: (connection: Connection) => T): ResultAsync<T, StoreFault> =>
    ResultAsync.fromPromise(file.use(run), error => toStoreFault(error));
  const read = <T>(look: (connection: Connection) => T) => call(connected => readInTransaction(connected, look));

  return {
    durability: isInMemory(path) ? 'memory' : 'device',
    load: (organizationId, keys, commandIds) =>
      read(connected => readSlice(connected, organizationId, keys, commandIds)),
    commit: commit => call(connected => commitInTransaction(connected, commit)),
    balances: query => read(connected => readBalances(connected, query)),
    journal: query => read(connected => readJournal(connected, query)),
    trackedProducts: query => read(connected => readTrackedProducts(connected, query)),
    notes: query => read(connected => readNotes(connected, query)),
    lowStock: query => read(connected => readLowStock(connected, query)),
    locations: organizationId => read(connected => readLocations(connected, organizationId)),
    postings: query => read(connected => readPostings(connected, query)),
    histories: query => read(connected => readHistories(connected, query)),
    foundAgain: query => read(connected => countFound(connected, query)),
    upkeep: {
      census: (organizationId, locationIds) => read(connected => takeCensus(connected, organizationId, locationIds)),
      mendHead: (organizationId, locationIds) => call(connected => mendHead(connected, organizationId, locationIds)),
      mend: repair => call(connected => mend(connected, repair)),
    },
    close: () => ResultAsync.fromPromise(file.close(), error => toStoreFault(error)),
  };
}
