import type { Balance, Ledger, Snapshot, WatchQueryInput } from '@stockfold/core';
import { type Live, useLive } from './use-live.ts';

/** Balances as they are now. */
export type LiveBalances = Readonly<{
  /** False until the balances have been read for the first time. */
  isReady: boolean;
  /** In the order of variant and location; what a commit did not move is the same object as before. */
  balances: readonly Balance[];
  /** Why they may be out of date, or cannot be read; null while all is well. */
  fault: Snapshot['fault'];
}>;

const NOT_YET: LiveBalances = { isReady: false, balances: [], fault: null };

/**
 * The balances of a query, rendered again once for every commit that moves one of them.
 *
 * @param query - Read by its content: a new object of the same content changes nothing.
 */
export function useBalances(ledger: Ledger, query: WatchQueryInput = {}): LiveBalances {
  return useLive(ledger, JSON.stringify(query), () => liveBalances(ledger, query));
}

/** The balances that `watch` shows, and only when they, or what is wrong with them, are others. */
export function liveBalances(ledger: Ledger, query: WatchQueryInput): Live<LiveBalances> {
  const listen = (show: (value: LiveBalances) => void) => {
    let shown = NOT_YET;
    return ledger.watch(query, ({ balances, fault }) => {
      if (shown.isReady && shown.balances === balances && shown.fault === fault) return;
      shown = { isReady: shown.isReady || fault === null, balances, fault };
      show(shown);
    });
  };
  return { initial: NOT_YET, listen };
}
