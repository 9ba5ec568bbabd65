import { type LocationId, linesOf, type StoredRecord, type VariantId } from '@stockfold/core';

/** What one record did to a balance, and the balance after it. */
export type Step = Readonly<{ sequence: number; delta: number; onHand: number }>;

/** All that happened to one balance, in the order of the journal. */
export type Past = Readonly<{ variantId: VariantId; locationId: LocationId; steps: Step[] }>;

/** What each record that names a balance did to it: also one whose lines undo each other. */
export function pastsOf(records: readonly StoredRecord[]): ReadonlyMap<string, Past> {
  const pasts = new Map<string, Past>();
  for (const record of records)
    for (const { variantId, from, to, quantity } of linesOf(record))
      for (const [locationId, delta] of [
        [from, -quantity],
        [to, quantity],
      ] as const) {
        const past = pasts.get(keyOf({ variantId, locationId })) ?? { variantId, locationId, steps: [] };
        pasts.set(keyOf(past), past);
        const last = past.steps.at(-1);
        const isSame = last?.sequence === record.sequence;
        if (isSame) past.steps.pop();
        past.steps.push({
          sequence: record.sequence,
          delta: (isSame ? last.delta : 0) + delta,
          onHand: (last?.onHand ?? 0) + delta,
        });
      }
  return pasts;
}

/** Names a balance. */
export function keyOf({ variantId, locationId }: Readonly<{ variantId: string; locationId: string }>): string {
  return `${variantId}.${locationId}`;
}
