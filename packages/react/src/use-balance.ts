import type { Ledger } from '@stockfold/core';
import { type LiveBalances, useBalances } from './use-balances.ts';

/** One balance as it is now. */
export type LiveBalance = Pick<LiveBalances, 'isReady' | 'fault'> &
  Readonly<{
    /** Smallest units; 0 for stock that never moved, and until it has been read. */
    onHand: number;
  }>;

/**
 * One balance, rendered again once for every commit that moves it.
 *
 * @param key - The location by its id or by the type of a system location, and the variant.
 */
export function useBalance(ledger: Ledger, key: Readonly<{ locationId: string; variantId: string }>): LiveBalance {
  const { locationId, variantId } = key;
  const { isReady, balances, fault } = useBalances(ledger, { locationId, variantIds: [variantId] });
  return { isReady, onHand: balances[0]?.onHand ?? 0, fault };
}
