import type { Ledger } from '@stockfold/core';
import { useState } from 'react';
import { explainError } from '../shop/explain-error.ts';

/** Folds the whole journal and compares it with the balances that are stored. */
export function VerifyButton({ ledger }: Readonly<{ ledger: Ledger }>) {
  const [text, setText] = useState('Check the books');
  const verify = async () => {
    const result = await ledger.verify();
    setText(
      result.match(
        ({ ok, records }) => (ok ? `${records} records, and they add up` : 'The books do not add up'),
        error => explainError(error).title,
      ),
    );
  };
  return (
    <button type="button" className="button" aria-live="polite" onClick={() => void verify()}>
      {text}
    </button>
  );
}
