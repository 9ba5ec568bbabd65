import type { ExecuteError } from '@stockfold/core';
import { useState } from 'react';
import { explainError } from './shop/explain-error.ts';
import { openShop, recordSampleWeek } from './shop/open-shop.ts';
import type { Till } from './shop/open-till.ts';
import { ProductIcon } from './ui/product-icon.tsx';

type WelcomePageProps = Readonly<{ till: Till; isOpening: boolean; onOpening: (isOpening: boolean) => void }>;

/** What a till shows whose journal is empty. It goes away by itself, when there are records. */
export function WelcomePage({ till, isOpening, onOpening }: WelcomePageProps) {
  const [error, setError] = useState<ExecuteError | null>(null);
  const begin = async (open: () => Promise<ExecuteError | null>) => {
    onOpening(true);
    setError(await open());
    onOpening(false);
  };
  return (
    <section className="welcome">
      <div className="welcome-icons" aria-hidden="true">
        <ProductIcon name="mug" />
        <ProductIcon name="beans" />
        <ProductIcon name="tote" />
      </div>
      <h1>The shelves are empty</h1>
      <p>Everything you record stays in this browser, and goes on working without a network.</p>
      <button
        type="button"
        className="button primary"
        disabled={isOpening}
        onClick={() => void begin(() => recordSampleWeek(till.store, Date.now()))}
      >
        {isOpening ? 'One moment …' : 'Start with a sample week'}
      </button>
      <button
        type="button"
        className="button"
        disabled={isOpening}
        onClick={() => void begin(() => openShop(till.ledger))}
      >
        Start with empty shelves
      </button>
      <p className="problem" role="alert">
        {error !== null && `${explainError(error).title}. ${explainError(error).details.join(' ')}`}
      </p>
    </section>
  );
}
