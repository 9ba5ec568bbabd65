import { type ExecuteError, type Ledger, type RecordMovementsInput, sale } from '@stockfold/core';
import { useState } from 'react';
import { CATALOGUE, findVariant, nameOf, type ShopVariant } from '../shop/catalogue.ts';
import { undoableOf, useRecording } from '../ui/use-recording.ts';

/** What one customer buys, before it is sold. */
export type Ticket = Readonly<{
  /** By id of the variant, smallest units; what is absent is not on it. */
  quantities: ReadonlyMap<string, number>;
  /** Smallest units of all variants. */
  total: number;
  error: ExecuteError | null;
  /** True while it is being recorded, and while nobody knows whether it was: then it can only be sent again. */
  isLocked: boolean;
  isSending: boolean;
  change: (variant: ShopVariant, by: number) => void;
  clear: () => void;
  /** Takes off what the refusal said is not there. */
  fit: () => void;
  sell: () => Promise<void>;
}>;

const EMPTY: ReadonlyMap<string, number> = new Map();

/** A ticket of its own for the page that calls it. */
export function useTicket(ledger: Ledger): Ticket {
  const { announce } = useRecording(ledger);
  const [quantities, setQuantities] = useState(EMPTY);
  const [error, setError] = useState<ExecuteError | null>(null);
  const [isSending, setSending] = useState(false);
  // A command whose outcome is unknown: the same one, with the same id, is sent again, and counts once.
  const [unsettled, setUnsettled] = useState<RecordMovementsInput | null>(null);

  const become = (next: ReadonlyMap<string, number>) => {
    setQuantities(next);
    setError(null);
  };
  const sell = async () => {
    const command = unsettled ?? saleOf(ledger, quantities);
    setSending(true);
    const result = await ledger.execute(command);
    setSending(false);
    setUnsettled(result.isErr() && result.error.retry === 'same-command' ? command : null);
    if (result.isErr()) return setError(result.error);
    become(EMPTY);
    announce(`Sold ${tell(command)}`, undoableOf(command));
  };
  return {
    quantities,
    total: [...quantities.values()].reduce((sum, quantity) => sum + quantity, 0),
    error,
    isSending,
    isLocked: isSending || unsettled !== null,
    change: ({ variantId }, by) => become(withQuantity(quantities, variantId, (quantities.get(variantId) ?? 0) + by)),
    clear: () => become(EMPTY),
    fit: () => become(fitted(quantities, error)),
    sell,
  };
}

/** Variants in the order of the catalogue, so that equal tickets are equal commands. */
function saleOf(ledger: Ledger, quantities: ReadonlyMap<string, number>): RecordMovementsInput {
  const lines = CATALOGUE.flatMap(variant => {
    const quantity = quantities.get(variant.variantId);
    return quantity === undefined ? [] : [sale('STORE', variant, quantity)];
  });
  return { kind: 'RecordMovements', id: ledger.newId(), lines };
}

function fitted(quantities: ReadonlyMap<string, number>, error: ExecuteError | null): ReadonlyMap<string, number> {
  if (error?.kind !== 'StockInsufficient') return quantities;
  return error.shortages.reduce(
    (fits, { variantId, onHand, floor }) => withQuantity(fits, variantId, onHand - floor),
    quantities,
  );
}

function withQuantity(quantities: ReadonlyMap<string, number>, variantId: string, quantity: number) {
  const next = new Map(quantities);
  if (quantity > 0) next.set(variantId, quantity);
  else next.delete(variantId);
  return next;
}

function tell({ lines = [] }: RecordMovementsInput): string {
  const [first] = lines;
  if (lines.length === 1 && first !== undefined) return `${first.quantity} × ${nameOf(first.variantId)}`;
  return lines.map(({ variantId }) => findVariant(variantId)?.name).join(', ');
}
