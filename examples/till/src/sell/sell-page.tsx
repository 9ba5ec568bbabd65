import type { Ledger } from '@stockfold/core';
import { useBalances } from '@stockfold/react';
import { CATALOGUE } from '../shop/catalogue.ts';
import { ProductTile } from './product-tile.tsx';
import { TicketPanel } from './ticket-panel.tsx';
import { useTicket } from './use-ticket.ts';

/** A tile for each variant, and the ticket they are put on. */
export function SellPage({ ledger }: Readonly<{ ledger: Ledger }>) {
  const { isReady, balances } = useBalances(ledger, { locationId: 'STORE' });
  const ticket = useTicket(ledger);
  const onHand = new Map<string, number>(balances.map(balance => [balance.variantId, balance.onHand]));
  return (
    <>
      <ul className="tiles" aria-label="Products">
        {CATALOGUE.map(variant => (
          <ProductTile
            key={variant.variantId}
            variant={variant}
            onHand={isReady ? (onHand.get(variant.variantId) ?? 0) : null}
            quantity={ticket.quantities.get(variant.variantId) ?? 0}
            isLocked={ticket.isLocked}
            onChange={by => ticket.change(variant, by)}
          />
        ))}
      </ul>
      <TicketPanel ticket={ticket} />
    </>
  );
}
