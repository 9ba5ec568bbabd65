import type { Ledger } from '@stockfold/core';
import { useJournal } from '@stockfold/react';
import { useEffect, useState } from 'react';
import { type Step, stepsOf } from './steps.ts';

const RECORDS = 1_000;

/**
 * The stock of a variant over the newest 1,000 records, live; null until it has been read.
 *
 * Where it began is asked of the ledger as of the record before: that costs the same however long the journal is.
 */
export function useSteps(ledger: Ledger, variantId: string): readonly Step[] | null {
  const { isReady, records } = useJournal(ledger, { limit: RECORDS });
  const [steps, setSteps] = useState<readonly Step[] | null>(null);
  useEffect(() => {
    if (!isReady) return;
    let isOver = false;
    const asOf = (records.at(-1)?.sequence ?? 1) - 1;
    void ledger.balanceAt({ locationId: 'STORE', variantId, asOf }).then(before => {
      if (isOver || before.isErr()) return;
      setSteps(stepsOf([...records].reverse(), variantId, ledger.systemLocations, before.value.onHand));
    });
    return () => {
      isOver = true;
    };
  }, [ledger, variantId, isReady, records]);
  return steps;
}
