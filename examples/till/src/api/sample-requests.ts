import type { SystemLocations } from '@stockfold/core';
import { CATALOGUE } from '../shop/catalogue.ts';

/** A request to the mirrored API; the body is JSON, and empty for GET. */
export type ApiRequest = Readonly<{ name: string; method: 'GET' | 'PUT'; path: string; body: string }>;

/** Requests to begin with: the first variant of the shop is sold and restocked. */
export function sampleRequests({ STORE, SOLD, SUPPLIER }: SystemLocations): readonly ApiRequest[] {
  const path = '/organizations/self/inventory';
  return [
    { name: 'Sell a mug', method: 'PUT', path, body: moving(STORE, SOLD, 1) },
    { name: 'Restock', method: 'PUT', path, body: moving(SUPPLIER, STORE, 6) },
    { name: 'Locations', method: 'GET', path: '/organizations/self/locations', body: '' },
  ];
}

function moving(fromLocationUuid: string, toLocationUuid: string, change: number): string {
  const [mug] = CATALOGUE;
  const line = {
    productUuid: mug?.productId,
    variantUuid: mug?.variantId,
    fromLocationUuid,
    toLocationUuid,
    change,
  };
  return JSON.stringify({ changes: [line] }, null, 2);
}
