import { LINES_MAX, parseQuantity, parseUuid, type Quantity, type Uuid } from '@stockfold/core';
import * as v from 'valibot';

/**
 * The bodies of the mirrored requests. The message of an issue is its `errorType`. Fields that no request has are let
 * through unread, as the mirrored API does.
 */
type Schema<T> = v.GenericSchema<unknown, T>;

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

/** `v.object` takes a list for an object without fields. */
const object = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(
    v.custom<Record<string, unknown>>(input => typeof input === 'object' && !Array.isArray(input), 'INVALID_TYPE'),
    v.object(entries, 'INVALID_TYPE'),
  );

const uuid = v.pipe(
  v.string('INVALID_TYPE'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const id = parseUuid(dataset.value);
    if (id.isOk()) return id.value;
    addIssue({ message: 'INVALID_UUID' });
    return NEVER;
  }),
);

/** A number or a plain string of digits: the mirrored API's own sample sends `"1"`. */
const change = v.pipe(
  v.union([v.number(), v.string()], 'INVALID_TYPE'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const quantity = parseQuantity(dataset.value);
    if (quantity.isOk()) return quantity.value;
    addIssue({ message: 'INVALID_QUANTITY' });
    return NEVER;
  }),
);

/** Looked at before the items: a body of a hundred thousand empty ones is refused for its length alone. */
const listOf = <const Item extends v.GenericSchema>(item: Item) =>
  v.pipe(
    v.custom<unknown[]>(input => Array.isArray(input), 'INVALID_TYPE'),
    v.check(list => list.length <= LINES_MAX, 'TOO_MANY_CHANGES'),
    v.array(item, 'INVALID_TYPE'),
  );

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
  changes: v.pipe(listOf(movement), v.minLength(1, 'EMPTY_CHANGES')),
  returnBalanceForLocationUuid: v.nullish(uuid),
  externalUuid: v.nullish(uuid),
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
  trackingStatusChange: v.nullish(
    v.pipe(v.string('INVALID_TYPE'), v.picklist(['START_TRACKING', 'STOP_TRACKING', 'NO_CHANGE'], 'INVALID_ENUM')),
  ),
  variantChanges: v.nullish(listOf(variantChange)),
});

const countChanges = (products: readonly ProductChange[]): number =>
  products.reduce((count, product) => count + (product.variantChanges?.length ?? 0), 0);

/** Reads a {@link BulkInventoryBody}. */
export const bulkInventory: Schema<BulkInventoryBody> = object({
  returnBalanceForLocationUuid: v.nullish(uuid),
  externalUuid: v.nullish(uuid),
  productChanges: v.pipe(
    listOf(productChange),
    v.minLength(1, 'EMPTY_CHANGES'),
    v.check(products => countChanges(products) <= LINES_MAX, 'TOO_MANY_CHANGES'),
  ),
});

/** Reads a {@link StartTrackingBody}. */
export const startTrackingProduct: Schema<StartTrackingBody> = object({ productUuid: uuid });
