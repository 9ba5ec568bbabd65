import { type Ledger, type MovementLineInput, refund, sale } from '@stockfold/core';
import type { Checkout } from './checkout.ts';

/**
 * Sells first, against a floor, and takes the payment once the pieces are certain; when it is declined, they go back. Each of
 * the two commands keeps its id for all its attempts, so it is done once, whatever becomes of the answers.
 */
export const carefulCheckout: Checkout = {
  name: 'the careful checkout',
  policy: { floors: { STORE: 0 } },
  run: async (ledger, variant, { pieces, pay }) => {
    if (!(await record(ledger, sale('STORE', variant, pieces)))) return false;
    if (await pay()) return true;
    await record(ledger, refund('STORE', variant, pieces));
    return false;
  },
};

/** Sends one command until it is known what came of it; false when it was refused. */
async function record(ledger: Ledger, line: MovementLineInput): Promise<boolean> {
  const command = { kind: 'RecordMovements', id: ledger.newId(), lines: [line] } as const;
  for (;;) {
    const recorded = await ledger.execute(command);
    if (recorded.isOk() || recorded.error.retry !== 'same-command') return recorded.isOk();
  }
}
