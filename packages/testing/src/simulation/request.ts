import {
  type CountError,
  type CountInput,
  createCounts,
  createHolds,
  type Holds,
  type HoldsError,
  type Ledger,
  type LedgerError,
  type Receipt,
  type ReversalError,
  type ReversalInput,
  reverse,
} from '@stockfold/core';
import type { ResultAsync } from 'neverthrow';

/** What a client asks a capability for, which makes a command of it. */
export type Request =
  | Readonly<{ kind: 'hold'; ask: (holds: Holds) => ReturnType<Holds['reserve']> }>
  | Readonly<{ kind: 'reversal'; input: ReversalInput }>
  | Readonly<{ kind: 'count'; input: CountInput }>;

/** Why a request is not carried out. */
export type RequestError = HoldsError | ReversalError | CountError | LedgerError;

/** Asks a ledger, once. */
export function ask(ledger: Ledger, request: Request): ResultAsync<Receipt, RequestError> {
  switch (request.kind) {
    case 'hold':
      return request.ask(createHolds(ledger));
    case 'reversal':
      return reverse(ledger, request.input);
    case 'count':
      return createCounts(ledger).count(request.input);
  }
}
