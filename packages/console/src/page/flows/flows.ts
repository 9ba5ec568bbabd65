import { linesOf, type StoredRecord } from '@stockfold/core';

/** What has gone from one location to another. */
export type Flow = Readonly<{
  from: string;
  to: string;
  /** Smallest units, of all variants together. */
  quantity: number;
  /** How many lines of movements. */
  lines: number;
}>;

/** What has gone from where to where in some records, the most first. */
export function flowsOf(records: readonly StoredRecord[], variantId: string | null): readonly Flow[] {
  const flows = new Map<string, { from: string; to: string; quantity: number; lines: number }>();
  for (const line of records.flatMap(linesOf)) {
    if (variantId !== null && line.variantId !== variantId) continue;
    const { from, to } = line;
    const flow = flows.get(`${from} ${to}`) ?? { from, to, quantity: 0, lines: 0 };
    flow.quantity += line.quantity;
    flow.lines += 1;
    flows.set(`${from} ${to}`, flow);
  }
  return [...flows.values()].sort((a, b) => b.quantity - a.quantity);
}
