import { type LedgerStore, type StoreFault, storeFault } from '@stockfold/core';
import { ResultAsync } from 'neverthrow';
import pg from 'pg';
import { commitByFunction } from './commit.ts';
import { commitInTransaction, refuseTwins } from './commit-in-transaction.ts';
import { type Database, ignore, type Session, type Timeouts, withSession } from './connection.ts';
import type { PostgresPool } from './driver.ts';
import { type Phase, toStoreFault } from './fault.ts';
import type { Memory } from './interned.ts';
import { migrate } from './migrate.ts';
import { countFound, readHistories } from './proof.ts';
import { readBalances, readJournal, readLocations, readPostings, readSlice, readSliceByFunction } from './read.ts';
import { readLowStock, readNotes, readTrackedProducts } from './read-settings.ts';
import { retrying } from './retry.ts';
import { mend, mendHead, takeCensus } from './upkeep.ts';

/** Where the ledger is kept, and how long things may take. */
export type PostgresStoreOptions = Readonly<{
  /** How long a call waits for a connection, in milliseconds; 5,000 when absent. */
  connectionTimeoutMs?: number | undefined;
  /** How long a commit waits for another writer, in milliseconds; 5,000 when absent. */
  lockTimeoutMs?: number | undefined;
  /** How long one statement may take, in milliseconds; 30,000 when absent. */
  statementTimeoutMs?: number | undefined;
  /** By PL/pgSQL functions, as when absent, which load too; or in a plain transaction, for engines that do not have them. */
  commitWith?: 'function' | 'transaction' | undefined;
  /**
   * False for a database whose tables somebody else makes, by `schemaSql`: without them, or with older ones, every call
   * is `StoreUnavailable` and says what to run. The store makes them itself when absent.
   */
  migrate?: boolean | undefined;
}> &
  (
    | Readonly<{ /** As of libpq: `postgres://user:password@host:port/database`. */ connectionString: string }>
    | Readonly<{ /** A pool of `pg`, or one like it. It stays its owner's to end. */ pool: PostgresPool }>
  );

const CONNECTION_TIMEOUT_MS = 5_000;
const LOCK_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;

/**
 * The ledger in a schema `stockfold` of a PostgreSQL database, through `pg`. Any number of processes may share it.
 * Fit for PgBouncer in transaction mode: no named statements there, and settings that end with their transaction.
 *
 * The tables are made and brought up to date by the first call, which answers with the fault if they cannot be.
 *
 * @throws TypeError when an option is none: a mistake in the program.
 */
export function createPostgresStore(options: PostgresStoreOptions): LedgerStore {
  const timeouts = timeoutsOf(options);
  const { commitWith = 'function', migrate: isMade = true } = options;
  if (commitWith !== 'function' && commitWith !== 'transaction')
    throw new TypeError("createPostgresStore: commitWith is 'function' or 'transaction'");
  if (typeof isMade !== 'boolean') throw new TypeError('createPostgresStore: migrate is true or false');
  const { pool, end } = poolOf(options, timeouts);
  const database: Database = { pool, timeouts };
  const memory: Memory = new Map();
  // A pool without a listener ends the process when a connection dies that nobody is using.
  pool.on('error', ignore);
  const underWay = new Set<Promise<unknown>>();
  let migrated: Promise<void> | null = null;
  let closed: Promise<void> | null = null;

  const open = (): Promise<void> => {
    migrated ??= migrate(database, { isMade, commitWith }).catch((fault: unknown) => {
      // The next call tries again: a server may come up, a database be made.
      migrated = null;
      throw fault;
    });
    return migrated;
  };
  const run = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    await open();
    return retrying(() => withSession(database, work));
  };
  const call = <T>(phase: Phase, work: (session: Session) => Promise<T>): ResultAsync<T, StoreFault> => {
    if (closed !== null)
      return ResultAsync.fromPromise(
        Promise.reject(storeFault('StoreClosed', 'the store was closed')),
        fault => fault as StoreFault,
      );
    const answer = run(work);
    underWay.add(answer);
    answer.then(ignore, ignore).finally(() => underWay.delete(answer));
    return ResultAsync.fromPromise(answer, error => toStoreFault(error, phase));
  };
  const read = commitWith === 'function' ? readSliceByFunction : readSlice;
  const close = async (): Promise<void> => {
    await Promise.allSettled(underWay);
    await end();
  };

  return {
    durability: 'synced',
    load: (organizationId, keys, commandIds) =>
      call('reading', session => read(session, { organizationId, keys, commandIds })),
    commit: commit =>
      call('committing', async session => {
        refuseTwins(commit);
        // Settings change seldom, and the function is short without them.
        const sets = commit.config.some(change => change.kind === 'LowStock');
        if (commitWith === 'transaction' || sets) return commitInTransaction(session, commit);
        return commitByFunction(session, commit, memory);
      }),
    balances: query => call('reading', session => readBalances(session, query)),
    journal: query => call('reading', session => readJournal(session, query)),
    trackedProducts: query => call('reading', session => readTrackedProducts(session, query)),
    lowStock: query => call('reading', session => readLowStock(session, query)),
    notes: query => call('reading', session => readNotes(session, query)),
    locations: organizationId => call('reading', session => readLocations(session, organizationId)),
    postings: query => call('reading', session => readPostings(session, query)),
    histories: query => call('reading', session => readHistories(session, query)),
    foundAgain: query => call('reading', session => countFound(session, query)),
    upkeep: {
      census: (organizationId, locationIds) =>
        call('reading', session => takeCensus(session, organizationId, locationIds)),
      mendHead: (organizationId, locationIds) =>
        call('committing', session => mendHead(session, organizationId, locationIds)),
      mend: repair => call('committing', session => mend(session, repair, memory)),
    },
    close: () => {
      closed ??= close();
      return ResultAsync.fromPromise(closed, error => toStoreFault(error, 'reading'));
    },
  };
}

function timeoutsOf(options: PostgresStoreOptions): Timeouts {
  const { connectionTimeoutMs, lockTimeoutMs, statementTimeoutMs } = options;
  const timeouts = {
    connectionMs: connectionTimeoutMs ?? CONNECTION_TIMEOUT_MS,
    lockMs: lockTimeoutMs ?? LOCK_TIMEOUT_MS,
    statementMs: statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
  };
  // 0 would be for ever, and nothing here waits for ever. Timers hold a minute less than 25 days.
  for (const timeout of Object.values(timeouts))
    if (!Number.isSafeInteger(timeout) || timeout < 1 || timeout > 2_147_000_000)
      throw new TypeError('createPostgresStore: a timeout is a number of milliseconds, 1 or more');
  return timeouts;
}

/** The pool that was given, which `end` lets go, or one of the store's own, which it ends. */
function poolOf(
  options: PostgresStoreOptions,
  timeouts: Timeouts,
): Readonly<{ pool: PostgresPool; end: () => Promise<void> }> {
  if ('pool' in options) {
    const { pool } = options;
    return { pool, end: async () => void pool.removeListener('error', ignore) };
  }
  if (typeof options.connectionString !== 'string')
    throw new TypeError('createPostgresStore: connectionString is a string');
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    connectionTimeoutMillis: timeouts.connectionMs,
    // A program that has nothing else to do may end without closing its store.
    allowExitOnIdle: true,
  });
  // It keeps its listener: a server may end a connection while the pool is being ended.
  return { pool, end: () => pool.end() };
}
