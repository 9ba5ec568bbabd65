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
  const [kind, message] = meaningOf(error instanceof Error ? error.name : '', doing);
  return storeFault(kind, message, error);
}

type Meaning = readonly [StoreFault['kind'], string];

const WHATEVER_IT_DID: Readonly<Record<string, Meaning>> = {
  QuotaExceededError: ['StoreFull', 'no room is left for this site'],
  VersionError: ['StoreTooNew', 'a newer version of this library has opened the database: reload this tab'],
  ConstraintError: ['StoreFailed', 'a constraint refused the commit'],
};

function meaningOf(name: string, doing: Doing): Meaning {
  const meaning = WHATEVER_IT_DID[name];
  if (meaning !== undefined) return meaning;
  if (doing === 'committing') return ['OutcomeUnknown', 'the database failed at the commit'];
  if (doing === 'opening') return ['StoreUnavailable', 'the database could not be opened'];
  return /^(Abort|InvalidState|Unknown)Error$/.test(name)
    ? ['StoreUnavailable', 'the browser closed the database or could not read it']
    : ['StoreFailed', 'the database failed'];
}

function isFault(error: unknown): error is StoreFault {
  // No error of a browser says whether to try again.
  return typeof (error as Partial<StoreFault> | null)?.retry === 'string';
}
