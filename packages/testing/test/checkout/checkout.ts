import { type Ledger, sale, type Variant } from '@stockfold/core';

/** Somebody's service: it sells one piece, and says whether it did. */
export type Checkout = (ledger: Ledger, wait: () => Promise<void>, variant: Variant) => Promise<boolean>;

/** Looks at the shelf, takes the payment, and then sells what it saw: two of these can see the same last piece. */
export const hopefulCheckout: Checkout = async (ledger, wait, variant) => {
  const shelf = await ledger.balanceAt({ locationId: 'STORE', variantId: variant.variantId });
  if (shelf.isErr() || shelf.value.onHand < 1) return false;
  await wait();
  const sold = await ledger.execute({
    kind: 'RecordMovements',
    id: ledger.newId(),
    lines: [sale('STORE', variant, 1)],
  });
  return sold.isOk();
};

/** Sells first, against the floor, with one id for all its attempts; payment comes when the stock is certain. */
export const carefulCheckout: Checkout = async (ledger, wait, variant) => {
  const command = { kind: 'RecordMovements', id: ledger.newId(), lines: [sale('STORE', variant, 1)] } as const;
  for (;;) {
    const sold = await ledger.execute(command);
    if (sold.isOk()) return true;
    if (sold.error.retry !== 'same-command') return false;
    await wait();
  }
};
