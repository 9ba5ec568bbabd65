import type { Ledger, Policy, Variant } from '@stockfold/core';

/** One customer at the till. */
export type Customer = Readonly<{
  pieces: number;
  /** Takes the payment, which takes its time; false when it is declined. */
  pay: () => Promise<boolean>;
}>;

/** Somebody's service: it sells some pieces of a variant, and says whether the customer has them. */
export type Checkout = Readonly<{
  name: string;
  /** What the service opens its ledger with. */
  policy: Policy;
  run: (ledger: Ledger, variant: Variant, customer: Customer) => Promise<boolean>;
}>;
