import type { Ledger, Scale, StoreFault } from '@stockfold/core';
import { errAsync, okAsync, type ResultAsync } from 'neverthrow';

// The scale that the first record has settled stays, so it is asked for once. By the function, which a ledger under an
// idempotency key has in common with the ledger itself.
const SETTLED = new WeakMap<Ledger['policy'], Scale>();

/** The scale of a ledger's amounts; of an organization in which nothing was recorded, the one it would begin with. */
export function scaleOf(ledger: Ledger): ResultAsync<Scale, StoreFault> {
  const known = SETTLED.get(ledger.policy);
  if (known !== undefined) return okAsync(known);
  // Asked first: what the policy says after a record is what stays.
  return ledger
    .journal({ limit: 1 })
    .orElse(error => (error.kind === 'QueryInvalid' ? okAsync({ asOf: 0 }) : errAsync(error)))
    .andThen(({ asOf }) =>
      ledger.policy().map(({ scale = 0 }) => {
        if (asOf > 0) SETTLED.set(ledger.policy, scale);
        return scale;
      }),
    );
}
