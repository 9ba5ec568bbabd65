import { describeError, type ExecuteError } from '@stockfold/core';
import { nameOf } from './catalogue.ts';

/** What a client is told: a status, and a body whose `kind` it can switch on. */
export type Explanation = Readonly<{ status: number; body: Readonly<Record<string, unknown>> }>;

/** One switch for every error of a command. The compiler says when a new kind has no answer. */
export function explainError(error: ExecuteError): Explanation {
  const { kind } = error;
  switch (kind) {
    case 'StockInsufficient': {
      const short = error.shortages.map(({ variantId, onHand, floor, requested }) => ({
        item: nameOf(variantId),
        requested,
        available: onHand - floor,
      }));
      return { status: 409, body: { kind, short } };
    }
    case 'CommandIdReused':
      return { status: 409, body: { kind, hint: 'This id belongs to another order: take a new one.' } };
    case 'CommandInvalid':
      return { status: 400, body: { kind, violations: error.violations } };
    case 'OutcomeUnknown':
    case 'StoreBusy':
    case 'StoreUnavailable':
    case 'StoreFull':
    case 'StoreClosed':
    case 'Contended':
    case 'Overloaded':
      return {
        status: 503,
        body: { kind, hint: 'Send the same request again: it is done once, however often it is sent.' },
      };
    case 'StoreTooNew':
    case 'StoreFailed':
      // For the log alone: what is wrong with the database is no business of a client.
      console.error(describeError(error));
      return { status: 500, body: { kind } };
    default:
      return { status: 422, body: { kind, reason: describeError(error) } };
  }
}
