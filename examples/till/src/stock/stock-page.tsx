import type { Ledger } from '@stockfold/core';
import { useBalances } from '@stockfold/react';
import { CATALOGUE, findVariant } from '../shop/catalogue.ts';
import { LineIcon } from '../ui/line-icon.tsx';
import { OnHand } from '../ui/on-hand.tsx';
import { ProductIcon } from '../ui/product-icon.tsx';
import { VariantPanel } from './variant-panel.tsx';

type StockPageProps = Readonly<{
  ledger: Ledger;
  /** The one that is looked at; on a tablet the first, when none is named. */
  variantId: string | undefined;
}>;

/** All variants with what is on the shelf, and one of them more closely. */
export function StockPage({ ledger, variantId }: StockPageProps) {
  const { isReady, balances } = useBalances(ledger, { locationId: 'STORE' });
  const onHand = new Map<string, number>(balances.map(balance => [balance.variantId, balance.onHand]));
  const named = variantId === undefined ? undefined : findVariant(variantId);
  const shown = named ?? CATALOGUE[0];
  return (
    <div className={named === undefined ? 'stock' : 'stock with-detail'}>
      <ul className="rows stock-list" aria-label="Stock">
        {CATALOGUE.map(variant => (
          <li key={variant.variantId}>
            <a
              className="row"
              href={`#stock/${variant.variantId}`}
              aria-current={variant === shown ? 'true' : undefined}
            >
              <ProductIcon name={variant.icon} />
              <span className="row-name">
                {variant.name} <small>{variant.detail}</small>
              </span>
              <OnHand value={isReady ? (onHand.get(variant.variantId) ?? 0) : null} />
            </a>
          </li>
        ))}
      </ul>
      {shown !== undefined && (
        <div className="stock-detail">
          <a className="back" href="#stock">
            <LineIcon name="back" /> All stock
          </a>
          <VariantPanel
            key={shown.variantId}
            ledger={ledger}
            variant={shown}
            onHand={isReady ? (onHand.get(shown.variantId) ?? 0) : null}
          />
        </div>
      )}
    </div>
  );
}
