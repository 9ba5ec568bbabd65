import { type Ledger, type RecordMovementsInput, restock } from '@stockfold/core';
import { useState } from 'react';
import { nameOf, type ShopVariant } from '../shop/catalogue.ts';
import { AmountForm } from './amount-form.tsx';

/** Goods that came from the supplier. */
export function RestockForm({ ledger, variant }: Readonly<{ ledger: Ledger; variant: ShopVariant }>) {
  const [amount, setAmount] = useState<number | null>(null);
  const command = (): RecordMovementsInput => ({
    kind: 'RecordMovements',
    id: ledger.newId(),
    lines: [restock('STORE', variant, amount ?? 0)],
  });
  return (
    <AmountForm
      ledger={ledger}
      title="Restock"
      label="How many came?"
      least={1}
      amount={amount}
      onAmount={setAmount}
      hint={null}
      command={command}
      told={`Restocked ${amount} × ${nameOf(variant.variantId)}`}
    />
  );
}
