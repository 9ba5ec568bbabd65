import { describeError, type LedgerError } from '@stockfold/core';
import { nameOf } from './catalogue.ts';

/** An error in the words of a shop. */
export type Explanation = Readonly<{ title: string; details: readonly string[] }>;

/** Says what is wrong, and by how much. */
export function explainError(error: LedgerError): Explanation {
  switch (error.kind) {
    case 'StockInsufficient':
      return {
        title: 'Not enough on the shelf',
        details: error.shortages.map(
          ({ variantId, requested, onHand, floor }) =>
            `${nameOf(variantId)}: ${requested} wanted, ${onHand - floor} there`,
        ),
      };
    case 'BalanceStale':
      return {
        title: 'The stock has moved since you looked',
        details: error.balances.map(
          ({ variantId, expected, actual }) => `${nameOf(variantId)}: it was ${expected}, now it is ${actual}`,
        ),
      };
    case 'OutcomeUnknown':
      return { title: 'It may or may not be recorded', details: ['Try again: it cannot count twice.'] };
    case 'StoreFull':
      return { title: 'This device has no room left', details: ['Nothing was recorded.'] };
    case 'StoreTooNew':
      return { title: 'This tab is out of date', details: ['Reload it.'] };
    case 'StoreBusy':
    case 'StoreUnavailable':
    case 'Contended':
    case 'Overloaded':
      return { title: 'The ledger could not be reached', details: ['Nothing was recorded. Try again.'] };
    default:
      return { title: 'That was refused', details: [describeError(error)] };
  }
}
