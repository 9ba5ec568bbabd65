import type { Retry } from '../model/rejection.ts';

/**
 * What went wrong between the ledger and its store; the command itself was not judged. Apart from `OutcomeUnknown`
 * nothing was applied.
 */
export type StoreFault = Readonly<{
  kind: /** The connection died at the commit: it may or may not have been applied. The same command again is always safe. */
    | 'OutcomeUnknown'
    /** The store could not be reached or opened. */
    | 'StoreUnavailable'
    /** Another writer held the store longer than the busy timeout. */
    | 'StoreBusy'
    /** No room is left. Reads go on. */
    | 'StoreFull'
    /** `close` was called. */
    | 'StoreClosed'
    /** A newer version of this library wrote the store; this one leaves it alone. */
    | 'StoreTooNew'
    /** The store is damaged, or was asked for something it must refuse; a bug or a broken disk. */
    | 'StoreFailed';
  retry: Retry;
  /** For a developer; it never holds a caller's input. */
  message: string;
  /** The error of the driver, for a log; not for the wire. */
  cause?: unknown;
}>;

const FINAL: readonly StoreFault['kind'][] = ['StoreClosed', 'StoreTooNew', 'StoreFailed'];

/** Makes a fault with the retry class of its kind. */
export function storeFault(kind: StoreFault['kind'], message: string, cause?: unknown): StoreFault {
  const retry = FINAL.includes(kind) ? 'never' : 'same-command';
  return { kind, retry, message, ...(cause === undefined ? {} : { cause }) };
}
