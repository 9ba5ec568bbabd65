import type { Variant } from '@stockfold/core';

/** What the shop sells, by the name that its customers use. */
export const CATALOGUE: Readonly<Record<string, Variant>> = {
  mug: { productId: '65314d7e-5f0f-11ec-bf63-0242ac130002', variantId: '78194842-5f0f-11ec-bf63-0242ac130002' },
  'large-mug': { productId: '65314d7e-5f0f-11ec-bf63-0242ac130002', variantId: '7c1ad2a0-5f0f-11ec-bf63-0242ac130002' },
  teapot: { productId: '9a51f5de-5f0f-11ec-bf63-0242ac130002', variantId: '92646e02-5f0f-11ec-bf63-0242ac130002' },
};

/** The name of a variant. */
export function nameOf(variantId: string): string {
  return Object.keys(CATALOGUE).find(name => CATALOGUE[name]?.variantId === variantId) ?? variantId;
}
