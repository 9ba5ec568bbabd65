import { type StoreFault, storeFault } from '@stockfold/core';

// Primary result codes of SQLite; `errcode` carries them in its low byte.
const PERM = 3;
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const CONSTRAINT = 19;
const NOTADB = 26;
/** SQLITE_CONSTRAINT_UNIQUE: a key is taken. */
const CONSTRAINT_UNIQUE = 2067;
/** SQLITE_CONSTRAINT_CHECK: a number would leave the safe integers. */
const CONSTRAINT_CHECK = 275;

/**
 * What an error of `node:sqlite` means to a ledger. A fault stays as it is.
 *
 * @param committing - Whether it came from COMMIT itself: then only a lack of room, or of a turn, says that nothing is
 *   on the disk. After an I/O error, say at the fsync, the commit may still be found when the file is opened again.
 * @see https://sqlite.org/rescode.html
 */
export function toStoreFault(error: unknown, committing = false): StoreFault {
  if (isFault(error)) return error;
  const code = primaryCode(error);
  if (code === BUSY || code === LOCKED) return storeFault('StoreBusy', 'another writer held the file too long', error);
  if (code === FULL) return storeFault('StoreFull', 'no room is left for the database', error);
  if (committing) return storeFault('OutcomeUnknown', 'COMMIT failed half-way: send the same command again', error);
  if (code === IOERR) return storeFault('StoreUnavailable', 'the database file could not be read or written', error);
  if (code === CANTOPEN) return storeFault('StoreUnavailable', 'the database file could not be opened', error);
  if (code === READONLY || code === PERM)
    return storeFault('StoreUnavailable', 'the database file may not be written', error);
  if (code === CORRUPT || code === NOTADB)
    return storeFault('StoreFailed', 'the file is damaged or no SQLite database', error);
  if (code === CONSTRAINT) return storeFault('StoreFailed', 'a commit was refused by a constraint', error);
  return storeFault('StoreFailed', 'the database failed', error);
}

/**
 * Whether a connection that met this fault can go on. After anything but a refusal of the database by its own rules
 * SQLite may keep pages or locks that only opening the file again gets rid of.
 */
export function leavesConnectionFit({ cause }: StoreFault): boolean {
  return cause === undefined || FIT.includes(primaryCode(cause));
}

const FIT: readonly number[] = [BUSY, LOCKED, FULL, CONSTRAINT];

/** Whether a row was refused for a number beyond the safe integers. */
export function isOverflow(error: unknown): boolean {
  return errcode(error) === CONSTRAINT_CHECK;
}

/** Whether a row was refused since another one has its key. */
export function isTaken(error: unknown): boolean {
  return errcode(error) === CONSTRAINT_UNIQUE;
}

function primaryCode(error: unknown): number {
  return errcode(error) & 0xff;
}

function errcode(error: unknown): number {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code : 0;
}

function isFault(error: unknown): error is StoreFault {
  return typeof error === 'object' && error !== null && 'kind' in error && 'retry' in error;
}
