import { type StoreFault, storeFault } from '@stockfold/core';
import type { PostgresClient, PostgresPool } from './driver.ts';
import { isConnectionLost, isFault, type Phase, toStoreFault } from './fault.ts';
import { withName } from './named.ts';
import { parserOf } from './row-types.ts';

/** How long things may take, in milliseconds. */
export type Timeouts = Readonly<{
  /** To get a connection. */
  connectionMs: number;
  /** For another writer's lock. */
  lockMs: number;
  /** For one statement. */
  statementMs: number;
}>;

/** Where connections come from. */
export type Database = Readonly<{ pool: PostgresPool; timeouts: Timeouts }>;

/** One connection for one call. */
export type Session = Readonly<{
  client: PostgresClient;
  timeouts: Timeouts;
  /** Runs an unnamed statement and gives its rows; one with a name is named where `named.ts` allows it. */
  query: <Row>(text: string, values?: unknown[], name?: string) => Promise<readonly Row[]>;
}>;

// The server ends a statement of a transaction itself; this much later the client stops waiting for its word.
const GRACE_MS = 1_000;

/**
 * Runs a call on a connection of the pool. A connection in doubt is not given back. What the driver throws goes on as
 * it is, so that a caller can try again; only a connection that cannot be had is a `StoreFault` here.
 */
export async function withSession<T>(database: Database, run: (session: Session) => Promise<T>): Promise<T> {
  const client = await acquire(database);
  // A client that is checked out and has no listener ends the process when its connection dies.
  client.on('error', ignore);
  let inDoubt = false;
  try {
    return await run(sessionOn(client, database.timeouts));
  } catch (error) {
    inDoubt = !isFault(error) && isConnectionLost(error);
    throw error;
  } finally {
    client.removeListener('error', ignore);
    client.release(inDoubt);
  }
}

/** Runs some statements in a transaction with settings that end with it; they leak into no other user of a pooler. */
export async function inTransaction<T>(session: Session, begin: string, run: () => Promise<T>): Promise<T> {
  const { lockMs, statementMs } = session.timeouts;
  await session.query(
    [
      begin,
      'set local synchronous_commit = on',
      `set local lock_timeout = ${lockMs}`,
      `set local statement_timeout = ${statementMs}`,
      // A process that stands still, or whose machine is gone without a word, would keep the organization locked.
      `set local idle_in_transaction_session_timeout = ${statementMs}`,
    ].join('; '),
  );
  try {
    return await run();
  } catch (error) {
    if (isFault(error) || !isConnectionLost(error)) await session.query('rollback');
    throw error;
  }
}

/** Does nothing: the pool takes a dead connection away by itself, and a call on it gets the error too. */
export function ignore(): void {}

/** Wraps a call so that whatever it throws is a `StoreFault`. */
export async function withFaults<T>(phase: Phase, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toStoreFault(error, phase);
  }
}

function sessionOn(client: PostgresClient, timeouts: Timeouts): Session {
  const limitMs = timeouts.statementMs + GRACE_MS;
  return {
    client,
    timeouts,
    query: async <Row>(text: string, values?: unknown[], name?: string) => {
      const types = { getTypeParser: parserOf as never };
      const run = (named: { name?: string }) =>
        within(limitMs, client.query({ text, types, ...(values ? { values } : {}), ...named }));
      const answer = name === undefined ? run({}) : withName(client, name, run);
      return ((await answer) as { rows: Row[] }).rows;
    },
  };
}

/** The pool's own timeout may be for ever, which is the default of `pg`. */
function acquire({ pool, timeouts }: Database): Promise<PostgresClient> {
  return new Promise((resolve, reject) => {
    let late = false;
    const giveUp = () => {
      late = true;
      reject(storeFault('StoreUnavailable', 'no connection was to be had in time'));
    };
    const timer = setTimeout(giveUp, timeouts.connectionMs);
    pool.connect().then(
      client => {
        clearTimeout(timer);
        if (late) client.release();
        else resolve(client);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(toStoreFault(error, 'connecting') satisfies StoreFault);
      },
    );
  });
}

/** Stops waiting after a while, as when a line is dead and nobody says so. The error has no SQLSTATE: all is in doubt. */
function within<T>(limitMs: number, query: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server did not answer in time')), limitMs);
    query.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
