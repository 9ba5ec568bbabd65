import { watchLowStock } from '@stockfold/core';
import type { laws } from '../../src/index.ts';

/** Tells of everything that becomes low, and of nothing that recovers. */
export const forgetsRecovery: laws.WatchLowStock = (ledger, options) =>
  watchLowStock(ledger, {
    ...options,
    onCrossing: crossing => crossing.kind === 'StockBecameLow' && options.onCrossing(crossing),
  });

/** Tells of a record again when the next one comes. */
export const tellsAgain: laws.WatchLowStock = (ledger, options) => {
  let last: (() => void) | undefined;
  return watchLowStock(ledger, {
    ...options,
    onCrossing: crossing => {
      last?.();
      last = () => options.onCrossing(crossing);
      last();
    },
  });
};

/** Knows one rule of all that were there when it began. */
export const knowsOneRule: laws.WatchLowStock = (ledger, options) =>
  watchLowStock(
    { ...ledger, lowStock: () => ledger.lowStock({ limit: 1 }).map(page => ({ ...page, next: null })) },
    options,
  );

/** Takes stock that is as much as its level for low. */
export const takesLevelForLow: laws.WatchLowStock = (ledger, options) =>
  watchLowStock(
    {
      ...ledger,
      balances: query =>
        ledger.balances(query).map(page => ({
          ...page,
          items: page.items.map(balance => ({ ...balance, onHand: balance.onHand - 1 })),
        })),
    },
    options,
  );
