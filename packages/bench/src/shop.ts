import { type Ledger, type MovementLineInput, restock, startTracking, uuidV7, type Variant } from '@stockfold/core';

/** Some variants, each of a product of its own. */
export function variantsOf(count: number): readonly Variant[] {
  return Array.from({ length: count }, () => ({ productId: crypto.randomUUID(), variantId: crypto.randomUUID() }));
}

/** What there is of each variant: so much that no bench ever sells out. */
export const STOCK: number = 500_000_000;
const LINES = 1_000;

/** Tracks all variants and puts plenty of each into STORE. */
export async function stockUp(ledger: Ledger, variants: readonly Variant[]): Promise<void> {
  for (let from = 0; from < variants.length; from += LINES) {
    const some = variants.slice(from, from + LINES);
    await record(
      ledger,
      some.map(variant => restock('STORE', variant, STOCK)),
      some.map(variant => variant.productId),
    );
  }
}

/** Records some lines under a new id. Throws when they are refused: no bench measures what was not done. */
export async function record(
  ledger: Ledger,
  lines: readonly MovementLineInput[],
  products: readonly string[] = [],
): Promise<void> {
  const tracking = products.map(startTracking);
  const result = await ledger.execute({ kind: 'RecordMovements', id: uuidV7(), tracking, lines });
  if (result.isErr()) throw new Error(`a command of the bench was answered with ${JSON.stringify(result.error)}`);
}

/** Gives items in turn, for ever. */
export function inTurn<T>(items: readonly T[]): () => T {
  let next = 0;
  return () => items[next++ % items.length] as T;
}

/** Runs of a length; what is left at the end is dropped. */
export function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.floor(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
