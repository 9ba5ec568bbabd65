import { restock, sale, startTracking } from '@stockfold/core';

export const MUG = {
  productId: '65314d7e-5f0f-11ec-bf63-0242ac130002',
  variantId: '78194842-5f0f-11ec-bf63-0242ac130002',
};

/** Mugs come to the shelf. */
export function restockOf(quantity: number) {
  const tracking = [startTracking(MUG.productId)];
  return {
    kind: 'RecordMovements',
    id: crypto.randomUUID(),
    tracking,
    lines: [restock('STORE', MUG, quantity)],
  } as const;
}

/** Mugs are sold. */
export function saleOf(quantity: number) {
  return { kind: 'RecordMovements', id: crypto.randomUUID(), lines: [sale('STORE', MUG, quantity)] } as const;
}
