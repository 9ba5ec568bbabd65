import { QUANTITY_MAX, type Uuid } from '@stockfold/core';
import * as v from 'valibot';
import { hasAmounts } from './amounts.ts';
import { asJson, listOf, object, type Schema, uuid } from './json-schemas.ts';

/** A rule as v1 and v3 write it. With neither level nor alert it takes the rule away. */
export type LowStockBody = {
  productUuid: Uuid;
  variantUuid: Uuid;
  lowStockLevel?: number | null | undefined;
  lowStockAlert?: boolean | null | undefined;
};

const level = v.pipe(
  v.number('INVALID_TYPE'),
  v.check(value => Number.isSafeInteger(value) && value >= 0 && value <= QUANTITY_MAX, 'INVALID_LEVEL'),
  asJson({
    anyOf: [
      { type: 'number', minimum: 0, maximum: QUANTITY_MAX },
      { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?$' },
    ],
  }),
  hasAmounts(),
);

const variant = { productUuid: uuid, variantUuid: uuid } as const;
const rule = {
  ...variant,
  lowStockLevel: v.nullish(level),
  lowStockAlert: v.nullish(v.boolean('INVALID_TYPE')),
} as const;
/** `PUT /custom-low-stock/locations/{location}` */
export const putLowStock: Schema<LowStockBody> = object(rule);

/** `POST /custom-low-stock/locations/{location}` */
export const postLowStock: Schema<{ requests: LowStockBody[] }> = object({
  requests: listOf(object(rule), { atLeast: 1 }),
});

/** `POST /custom-low-stock/locations/{location}/delete` */
export const deleteLowStock: Schema<{ requests: { productUuid: Uuid; variantUuid: Uuid }[] }> = object({
  requests: listOf(object(variant), { atLeast: 1 }),
});

/** `POST /v3/custom-low-stock` */
export const lowStockOfV3: Schema<(LowStockBody & { inventoryUuid: Uuid })[]> = listOf(
  object({ ...rule, inventoryUuid: uuid }),
  { atLeast: 1 },
);
