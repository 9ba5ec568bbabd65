import {
  LINES_MAX,
  type Override,
  type ProvenanceInput,
  type Quantity,
  SYSTEM_LOCATION_TYPES,
  type SystemLocationType,
  type Uuid,
} from '@stockfold/core';
import * as v from 'valibot';
import { change, listOf, object, oneOf, override, provenance, type Schema, uuid } from './json-schemas.ts';

// The bodies of the mirrored requests. Fields that no request has are let through unread, as the mirrored API does.

/** One movement of `PUT …/inventory`. */
export type Change = {
  productUuid: Uuid;
  variantUuid: Uuid;
  fromLocationUuid: Uuid;
  toLocationUuid: Uuid;
  change: Quantity;
};

/** What both requests that move stock may carry. */
type MovingBody = {
  returnBalanceForLocationUuid?: Uuid | null | undefined;
  externalUuid?: Uuid | null | undefined;
  override?: Override | null | undefined;
  provenance?: ProvenanceInput | null | undefined;
};

/** `PUT /organizations/{organization}/inventory` */
export type PutInventoryBody = MovingBody & { changes: Change[] };

/** One product of `POST …/v2/inventory/bulk`. */
export type ProductChange = {
  productUuid: Uuid;
  /** Absent or null: as `NO_CHANGE`. */
  trackingStatusChange?: 'START_TRACKING' | 'STOP_TRACKING' | 'NO_CHANGE' | null | undefined;
  variantChanges?: (Omit<Change, 'productUuid'> & { productUuid?: Uuid | null | undefined })[] | null | undefined;
};

/** `POST /organizations/{organization}/v2/inventory/bulk` */
export type BulkInventoryBody = MovingBody & { productChanges: ProductChange[] };

/** `POST /organizations/{organization}/inventory` */
export type StartTrackingBody = { productUuid: Uuid };

const ends = { fromLocationUuid: uuid, toLocationUuid: uuid } as const;
type Ends = Pick<Change, 'fromLocationUuid' | 'toLocationUuid'>;
const isAnother = ({ fromLocationUuid, toLocationUuid }: Ends): boolean => fromLocationUuid !== toLocationUuid;

const movement = v.pipe(
  object({ productUuid: uuid, variantUuid: uuid, ...ends, change }),
  v.forward(
    v.check(ends => isAnother(ends), 'SAME_LOCATION'),
    ['toLocationUuid'],
  ),
);

/** Reads a {@link PutInventoryBody}. */
export const putInventory: Schema<PutInventoryBody> = object({
  changes: listOf(movement, { atLeast: 1 }),
  returnBalanceForLocationUuid: v.nullish(uuid),
  externalUuid: v.nullish(uuid),
  override: v.nullish(override),
  provenance: v.nullish(provenance),
});

const variantChange = v.pipe(
  object({ productUuid: v.nullish(uuid), variantUuid: uuid, ...ends, change }),
  v.forward(
    v.check(ends => isAnother(ends), 'SAME_LOCATION'),
    ['toLocationUuid'],
  ),
);

const productChange = object({
  productUuid: uuid,
  trackingStatusChange: v.nullish(oneOf(['START_TRACKING', 'STOP_TRACKING', 'NO_CHANGE'])),
  variantChanges: v.nullish(listOf(variantChange)),
});

const countChanges = (products: readonly ProductChange[]): number =>
  products.reduce((count, product) => count + (product.variantChanges?.length ?? 0), 0);

/** Reads a {@link BulkInventoryBody}. */
export const bulkInventory: Schema<BulkInventoryBody> = object({
  returnBalanceForLocationUuid: v.nullish(uuid),
  externalUuid: v.nullish(uuid),
  override: v.nullish(override),
  provenance: v.nullish(provenance),
  productChanges: v.pipe(
    listOf(productChange, { atLeast: 1 }),
    v.check(products => countChanges(products) <= LINES_MAX, 'TOO_MANY_CHANGES'),
  ),
});

/** Reads a {@link StartTrackingBody}. */
export const startTrackingProduct: Schema<StartTrackingBody> = object({ productUuid: uuid });

/** `POST …/inventory/products`: which balances are read. */
export type ProductBalancesBody = {
  locationType: SystemLocationType;
  /** All products when absent; none when empty. */
  productUuids?: Uuid[] | null | undefined;
};

/** Reads a {@link ProductBalancesBody}. */
export const productBalances: Schema<ProductBalancesBody> = object({
  locationType: oneOf(SYSTEM_LOCATION_TYPES),
  productUuids: v.nullish(listOf(uuid, { tooMany: 'TOO_MANY_PRODUCTS' })),
});
