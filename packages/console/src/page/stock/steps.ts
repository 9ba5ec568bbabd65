import { linesOf, type StoredRecord } from '@stockfold/core';

/** From this record of the journal on, so much was there. */
export type Step = Readonly<{ sequence: number /** Smallest units. */; onHand: number }>;

/** Whose stock is drawn. */
export type StockKey = Readonly<{ variantId: string; locationId: string }>;

/**
 * The stock of a variant at a location, a step for each record that changed it, after one for where it began.
 *
 * @param records - In order, without gap, the first of them right after `before`.
 */
export function stepsOf(records: readonly StoredRecord[], key: StockKey, before: Step): readonly Step[] {
  const steps = [before];
  let { onHand } = before;
  for (const record of records) {
    const change = changeOf(record, key);
    if (change === 0) continue;
    onHand += change;
    steps.push({ sequence: record.sequence, onHand });
  }
  return steps;
}

function changeOf(record: StoredRecord, { variantId, locationId }: StockKey): number {
  let change = 0;
  for (const line of linesOf(record)) {
    if (line.variantId !== variantId) continue;
    if (line.to === locationId) change += line.quantity;
    if (line.from === locationId) change -= line.quantity;
  }
  return change;
}

/** What was there after a record; 0 before the first step. */
export function onHandAt(steps: readonly Step[], sequence: number): number {
  return steps.findLast(step => step.sequence <= sequence)?.onHand ?? 0;
}
