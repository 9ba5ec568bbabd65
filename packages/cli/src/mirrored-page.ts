import type { SystemLocationType, Variant } from '@stockfold/core';

/**
 * The two requests of the page "Update inventory balance" of the Zettle Inventory API, with its own ids. Its answers
 * show balances of 196 and 10696: opening balances of 238 and 12033 make them come out.
 */
export type MirroredRequest = Readonly<{ method: string; path: string; body: unknown }>;

export const ORGANIZATION = '7c1ad2a0-5f0f-11ec-bf63-0242ac130002';

const STORE = '89ac1e4a-5f0f-11ec-bf63-0242ac130002';
const SOLD = '92646e02-5f0f-11ec-bf63-0242ac130002';

/** The page names two locations; it returns the first as STORE and does not say what the second is: here, SOLD. */
export const LOCATIONS: Readonly<Record<SystemLocationType, string>> = {
  STORE,
  SUPPLIER: '9a51f5de-5f0f-11ec-bf63-0242ac130002',
  SOLD,
  BIN: 'a1c6c4f2-5f0f-11ec-bf63-0242ac130002',
};

const FIRST_PRODUCT = '65314d7e-5f0f-11ec-bf63-0242ac130002';
const SECOND_PRODUCT = '3cc3b9f6-623b-11ec-90d6-0242ac120003';

export const VARIANTS: readonly [Variant, Variant, Variant, Variant] = [
  { productId: FIRST_PRODUCT, variantId: '78194842-5f0f-11ec-bf63-0242ac130002' },
  { productId: FIRST_PRODUCT, variantId: '7c6be742-5f0f-11ec-bf63-0242ac130002' },
  { productId: SECOND_PRODUCT, variantId: '4066f6cc-623b-11ec-90d6-0242ac120003' },
  { productId: SECOND_PRODUCT, variantId: '45900c4c-623b-11ec-90d6-0242ac120003' },
];

/** Variants by the first group of their ids, which is enough to tell them apart. */
export const NAMES: ReadonlyMap<string, string> = new Map(
  VARIANTS.map(({ variantId }) => [variantId, `${variantId.slice(0, 8)}…`]),
);

/** Moves 42 and 1337 from the STORE location. */
export const PUT: MirroredRequest = {
  method: 'PUT',
  path: '/organizations/self/inventory',
  body: {
    changes: [
      {
        productUuid: FIRST_PRODUCT,
        variantUuid: VARIANTS[0].variantId,
        fromLocationUuid: STORE,
        toLocationUuid: SOLD,
        change: 42,
      },
      {
        productUuid: FIRST_PRODUCT,
        variantUuid: VARIANTS[1].variantId,
        fromLocationUuid: STORE,
        toLocationUuid: SOLD,
        change: 1337,
      },
    ],
  },
};

/** Starts tracking the second product and moves 42 and 1337 of its variants, all or nothing. */
export const BULK: MirroredRequest = {
  method: 'POST',
  path: '/organizations/self/v2/inventory/bulk',
  body: {
    returnBalanceForLocationUuid: STORE,
    productChanges: [
      {
        productUuid: SECOND_PRODUCT,
        trackingStatusChange: 'START_TRACKING',
        variantChanges: [
          { variantUuid: VARIANTS[2].variantId, fromLocationUuid: STORE, toLocationUuid: SOLD, change: 42 },
          { variantUuid: VARIANTS[3].variantId, fromLocationUuid: STORE, toLocationUuid: SOLD, change: 1337 },
        ],
      },
    ],
  },
};
