import type { StoredRecord, SystemLocations } from '@stockfold/core';
import { linesOf } from '@stockfold/core';
import { changeOf } from '../shop/tell-record.ts';

/** From this moment on, so many were on the shelf. */
export type Step = Readonly<{
  /** Milliseconds since 1970. */
  at: number;
  /** Smallest units. */
  onHand: number;
}>;

/**
 * The stock of a variant over time: a step for every record that moved it, after one for where it began.
 *
 * @param records - In order, without gap.
 * @param before - On hand before the first of them.
 */
export function stepsOf(
  records: readonly StoredRecord[],
  variantId: string,
  system: SystemLocations,
  before: number,
): readonly Step[] {
  const [first] = records;
  if (first === undefined) return [];
  const steps: Step[] = [{ at: first.recordedAt, onHand: before }];
  let onHand = before;
  for (const record of records) {
    const change = linesOf(record)
      .filter(line => line.variantId === variantId)
      .reduce((sum, line) => sum + changeOf(line, system), 0);
    if (change === 0) continue;
    onHand += change;
    steps.push({ at: record.recordedAt, onHand });
  }
  return steps;
}

/** The steps from a moment on; the first one is then what was on the shelf at it. */
export function stepsSince(steps: readonly Step[], start: number): readonly Step[] {
  const last = steps.findLastIndex(step => step.at <= start);
  if (last < 0) return steps;
  return steps.slice(last).map((step, index) => (index === 0 ? { at: start, onHand: step.onHand } : step));
}
