import { type StoreFault, storeFault } from '@stockfold/core';

/** What a call was doing when it failed. */
export type Doing = 'opening' | 'reading' | 'writing' | 'committing';

/**
 * What an error of IndexedDB means to a ledger. A fault stays as it is.
 *
 * @param doing - After `commit()` was asked for, only a full disk and a constraint say that nothing was applied.
 * @see https://w3c.github.io/IndexedDB/#exceptions
 */
export function toStoreFault(error: unknown, doing: Doing): StoreFault {
  if (isFault(error)) return error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'QuotaExceededError') return storeFault('StoreFull', 'no room is left for this site', error);
  if (name === 'VersionError')
    return storeFault('StoreTooNew', 'a newer version of this library has opened the database: reload this tab', error);
  if (name === 'ConstraintError') return storeFault('StoreFailed', 'a commit was refused by a constraint', error);
  if (doing === 'committing')
    return storeFault('OutcomeUnknown', 'the database failed at the commit: send the same command again', error);
  if (doing === 'opening') return storeFault('StoreUnavailable', 'the database could not be opened', error);
  if (name === 'AbortError' || name === 'InvalidStateError' || name === 'UnknownError')
    return storeFault('StoreUnavailable', 'the browser closed the database or could not read it', error);
  return storeFault('StoreFailed', 'the database failed', error);
}

function isFault(error: unknown): error is StoreFault {
  return typeof error === 'object' && error !== null && 'kind' in error && 'retry' in error;
}
