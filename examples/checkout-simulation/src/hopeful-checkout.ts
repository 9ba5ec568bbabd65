import { NO_FLOORS, sale } from '@stockfold/core';
import type { Checkout } from './checkout.ts';

/**
 * Looks at the shelf, takes the payment, and then sells what it saw. It reads well, it passes every test with one customer,
 * and it is wrong: two customers can see the same last piece.
 */
export const hopefulCheckout: Checkout = {
  name: 'the hopeful checkout',
  policy: NO_FLOORS,
  run: async (ledger, variant, { pieces, pay }) => {
    const shelf = await ledger.balanceAt({ locationId: 'STORE', variantId: variant.variantId });
    if (shelf.isErr() || shelf.value.onHand < pieces) return false;
    if (!(await pay())) return false;
    for (;;) {
      const lines = [sale('STORE', variant, pieces)];
      const sold = await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines });
      // A new id for every attempt: the second bug, found once the first one is mended.
      if (sold.isOk() || sold.error.retry !== 'same-command') return sold.isOk();
    }
  },
};
