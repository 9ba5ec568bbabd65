import {
  createLedger,
  type Ledger,
  type LedgerStore,
  type Receipt,
  restock,
  sale,
  startTracking,
} from '@stockfold/core';
import { expect } from 'vitest';

/** The one variant that everybody sells. */
export const MUG = {
  productId: '65314d7e-5f0f-11ec-bf63-0242ac130002',
  variantId: '78194842-5f0f-11ec-bf63-0242ac130002',
};

/** What became of a command: its receipt, or the kind of its rejection. */
export type Answer = Readonly<{ id: string; receipt: Receipt | null; attempts: number }>;

/** Puts mugs on a shelf that may not go below 0. */
export async function stockMugs(store: LedgerStore, quantity: number): Promise<void> {
  const ledger = createLedger({ store, policy: { floors: { STORE: 0 } } });
  const tracking = [startTracking(MUG.productId)];
  const lines = [restock('STORE', MUG, quantity)];
  (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines }))._unsafeUnwrap();
}

/** Sellers at once, each selling mug after mug, and sending a command again until it is answered. */
export async function sellMugs(store: LedgerStore, sellers: number, each: number): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const seller = async () => {
    // A ledger of their own: one for all would join their commands, and there would be few commits to disturb.
    const ledger = createLedger({ store });
    for (let count = 0; count < each; count++) answers.push(await untilAnswered(ledger));
  };
  await Promise.all(Array.from({ length: sellers }, seller));
  return answers;
}

async function untilAnswered(ledger: Ledger): Promise<Answer> {
  const id = ledger.newId();
  for (let attempts = 1; attempts < 1_000; attempts++) {
    const result = await ledger.execute({ kind: 'RecordMovements', id, lines: [sale('STORE', MUG, 1)] });
    if (result.isOk()) return { id, receipt: result.value, attempts };
    if (result.error.kind === 'StockInsufficient') return { id, receipt: null, attempts };
    if (result.error.retry !== 'same-command') throw new Error(JSON.stringify(result.error));
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  throw new Error('a command was never answered');
}

/** Everything acknowledged is in the journal once, at its sequence, and nothing else is; the books are right. */
export async function expectExact(store: LedgerStore, stocked: number, answers: readonly Answer[]): Promise<void> {
  const ledger = createLedger({ store });
  const sold = answers.flatMap(({ id, receipt }) => (receipt === null ? [] : [[receipt.sequence, id] as const]));
  const { items } = (await ledger.journal({ limit: 1_000 }))._unsafeUnwrap();
  expect(items.slice(1).map(record => [record.sequence, record.commandId])).toEqual(
    [...sold].sort((a, b) => a[0] - b[0]),
  );
  const { onHand } = (await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap();
  expect(onHand).toBe(stocked - sold.length);
  expect((await ledger.verify())._unsafeUnwrap()).toMatchObject({ ok: true, breaches: [] });
}
