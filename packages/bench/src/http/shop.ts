import type { Ledger, Variant } from '@stockfold/core';
import { stockUp } from '../shop.ts';

const id = (group: string, number: number) => `${group}0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** What every server of the bench has in stock, so that one load fits all of them. */
export const VARIANTS: readonly Variant[] = Array.from({ length: 200 }, (_, number) => ({
  productId: id('a', number),
  variantId: id('b', number),
}));

/** Fills a server's ledger. */
export function shopOf(ledger: Ledger): Promise<void> {
  return stockUp(ledger, VARIANTS);
}
