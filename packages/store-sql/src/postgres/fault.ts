import { type StoreFault, storeFault } from '@stockfold/core';

/** Where a call was when its error came: nothing was sent yet, only reads were, or a commit was. */
export type Phase = 'connecting' | 'reading' | 'committing';

/** The faults of SQLSTATEs. With an error of these the server has rolled everything back. */
const FAULTS: Readonly<Record<string, readonly [StoreFault['kind'], string]>> = {
  '40001': ['StoreBusy', 'other writers were in the way again and again'],
  '40P01': ['StoreBusy', 'other writers were in the way again and again'],
  '55P03': ['StoreBusy', 'another writer held a lock too long'],
  '57014': ['StoreBusy', 'the statement took longer than its timeout, or was cancelled'],
  '53100': ['StoreFull', 'no room is left for the database'],
  '53200': ['StoreUnavailable', 'the server has no memory left'],
  '53300': ['StoreUnavailable', 'the server takes no more connections'],
  '25006': ['StoreUnavailable', 'the server is read only: is it a standby?'],
  '42501': ['StoreFailed', 'the database user lacks a privilege'],
  '42883': ['StoreFailed', "the functions are not there: open the store with commitWith: 'transaction'"],
};

/**
 * What an error of `pg` means to a ledger. A fault stays as it is.
 *
 * Without a SQLSTATE, or with one of a server that went away, nobody knows how far a commit has got.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function toStoreFault(error: unknown, phase: Phase): StoreFault {
  if (isFault(error)) return error;
  if (phase === 'connecting') return storeFault('StoreUnavailable', 'the database could not be reached', error);
  if (isConnectionLost(error)) {
    if (phase === 'reading') return storeFault('StoreUnavailable', 'the connection was lost', error);
    return storeFault('OutcomeUnknown', 'the connection was lost at the commit: send the same command again', error);
  }
  const [kind, message] = FAULTS[sqlState(error) ?? ''] ?? ['StoreFailed', 'the database failed'];
  return storeFault(kind, message, error);
}

/** Whether the same transaction may go through when it is run again as a whole: 40001 and 40P01. */
export function isSerializationFailure(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/** Whether something could not be made because another transaction has just made it. */
export function isDuplicate(error: unknown): boolean {
  // 23505: two made the same row of the catalogue at once; the others: schema, table, object, function.
  return ['23505', '42P06', '42P07', '42710', '42723'].includes(sqlState(error) ?? '');
}

/** Whether the server does not know the name of a statement, or knows it already: 26000, 42P05. Nothing was run. */
export function isStatementUnknown(error: unknown): boolean {
  const state = sqlState(error);
  return state === '26000' || state === '42P05';
}

/** Whether the connection is of no more use, and what it was doing may have been done. */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlState(error);
  // Class 08: connection exceptions; 57P01 to 57P05: the server or its administrator ended the session; 25P03, 25P04:
  // a timeout did.
  return state === null || /^(08|57P|25P0[34])/.test(state);
}

/** Five digits and capitals; `code` of a socket error (EPIPE) has no digit. */
function sqlState(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** Whether it is a `StoreFault` already. */
export function isFault(error: unknown): error is StoreFault {
  return typeof error === 'object' && error !== null && 'kind' in error && 'retry' in error;
}
