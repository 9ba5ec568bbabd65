import type { Ledger } from '@stockfold/core';
import { useState } from 'react';
import type { ShopVariant } from '../shop/catalogue.ts';
import { CountForm } from './count-form.tsx';
import { RestockForm } from './restock-form.tsx';
import { StockChart } from './stock-chart.tsx';
import { useSteps } from './use-steps.ts';

const DAY = 86_400_000;
const SPANS = [
  { name: 'Day', ms: DAY },
  { name: 'Week', ms: 7 * DAY },
  { name: 'All', ms: Number.POSITIVE_INFINITY },
] as const;

type VariantPanelProps = Readonly<{ ledger: Ledger; variant: ShopVariant; onHand: number | null }>;

/** One variant: its stock over time, and what changes it. */
export function VariantPanel({ ledger, variant, onHand }: VariantPanelProps) {
  const [span, setSpan] = useState<(typeof SPANS)[number]>(SPANS[1]);
  const steps = useSteps(ledger, variant.variantId);
  return (
    <section className="card variant" aria-label={`${variant.name}, ${variant.detail}`}>
      <header className="variant-head">
        <div>
          <h2>
            {variant.name} <small>{variant.detail}</small>
          </h2>
          <p className="variant-on-hand">
            <strong>{onHand ?? '–'}</strong> on the shelf
          </p>
        </div>
        <fieldset className="spans">
          <legend className="unseen">How far back</legend>
          {SPANS.map(choice => (
            <label key={choice.name}>
              <input type="radio" name="span" checked={choice === span} onChange={() => setSpan(choice)} />
              {choice.name}
            </label>
          ))}
        </fieldset>
      </header>
      <StockChart steps={steps} spanMs={span.ms} label={`Stock of ${variant.name}, ${variant.detail}, over time`} />
      <div className="forms">
        <RestockForm ledger={ledger} variant={variant} />
        <CountForm ledger={ledger} variant={variant} onHand={onHand} />
      </div>
    </section>
  );
}
