import { expecting, type Ledger, type RecordMovementsInput, transfer } from '@stockfold/core';
import { useState } from 'react';
import { nameOf, type ShopVariant } from '../shop/catalogue.ts';
import { ADJUSTMENT } from '../shop/open-shop.ts';
import { AmountForm } from './amount-form.tsx';

type CountFormProps = Readonly<{ ledger: Ledger; variant: ShopVariant; onHand: number | null }>;

/**
 * What somebody counted. The difference is recorded, and only if nothing has moved since the books were looked at: a
 * sale between the count and its correction would be counted twice.
 */
export function CountForm({ ledger, variant, onHand }: CountFormProps) {
  const [counted, setCounted] = useState<number | null>(null);
  // What the books said when the count was typed in.
  const [books, setBooks] = useState(0);
  const difference = counted === null ? 0 : counted - books;
  const command = (): RecordMovementsInput => ({
    kind: 'RecordMovements',
    id: ledger.newId(),
    expect: [expecting('STORE', variant, books)],
    lines: [
      difference < 0
        ? transfer('STORE', ADJUSTMENT, variant, -difference)
        : transfer(ADJUSTMENT, 'STORE', variant, difference),
    ],
  });
  return (
    <AmountForm
      ledger={ledger}
      title="Count"
      label="How many are there?"
      least={0}
      amount={counted}
      onAmount={amount => {
        setBooks(onHand ?? 0);
        setCounted(amount);
      }}
      hint={counted === null ? null : hintOf(difference, books)}
      command={counted === null || difference === 0 ? null : command}
      told={`Counted ${counted} × ${nameOf(variant.variantId)}`}
    />
  );
}

function hintOf(difference: number, books: number): string {
  if (difference === 0) return `The books say ${books} too.`;
  return `The books say ${books}: ${Math.abs(difference)} ${difference < 0 ? 'missing' : 'too many'}.`;
}
