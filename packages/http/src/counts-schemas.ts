import { QUANTITY_MAX, type Quantity, type Uuid } from '@stockfold/core';
import * as v from 'valibot';
import { hasAmounts } from './amounts.ts';
import { amount } from './answers.ts';
import { asJson, change, listOf, object, type Schema, uuid } from './json-schemas.ts';

/** `POST …/counts`: what was on a shelf, and when it was looked at. */
export type CountBody = {
  locationUuid: Uuid;
  productUuid: Uuid;
  variantUuid: Uuid;
  counted: number;
  observedAt: number;
};

/** `POST …/late-movements`: what has occurred a while ago. */
export type LateBody = {
  occurredAt: number;
  movements: { productUuid: Uuid; variantUuid: Uuid; from: Uuid; to: Uuid; change: Quantity }[];
};

/** What was recorded: no figure that was expected, since whoever counts is not to know it. */
export type RecordedBody = { commandUuid: string; sequence: number; recordedAt: number };

/** Counts, and by how much each was off; amounts are smallest units, times milliseconds since 1970. */
export type VariancesBody = {
  counts: {
    commandUuid: string;
    locationUuid: string;
    productUuid: string;
    variantUuid: string;
    observedAt: number;
    counted: number;
    expected: number;
    variance: number;
    explained: number;
  }[];
};

/** A balance on both axes: by what is recorded, and by what had occurred. */
export type EffectiveBody = {
  locationUuid: string;
  variantUuid: string;
  onHand: number;
  effective: number;
  asOf: number;
};

function whole(max: number, message: string): Schema<number> {
  return v.pipe(
    v.custom<number>(input => typeof input === 'number', 'INVALID_TYPE'),
    v.check(value => Number.isInteger(value) && value >= 0 && value <= max, message),
    asJson({ type: 'integer', minimum: 0, maximum: max }),
  );
}

// As far as a date reaches.
const time = whole(8_640_000_000_000_000, 'INVALID_TIME');

/** Reads a {@link CountBody}. */
export const postCount: Schema<CountBody> = object({
  locationUuid: uuid,
  productUuid: uuid,
  variantUuid: uuid,
  counted: v.pipe(
    whole(QUANTITY_MAX, 'INVALID_QUANTITY'),
    asJson({
      anyOf: [
        { type: 'number', minimum: 0, maximum: QUANTITY_MAX },
        { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?$' },
      ],
    }),
    hasAmounts(),
  ),
  observedAt: time,
});

const movement = v.pipe(
  object({ productUuid: uuid, variantUuid: uuid, from: uuid, to: uuid, change }),
  v.forward(
    v.check(({ from, to }) => from !== to, 'SAME_LOCATION'),
    ['to'],
  ),
);

/** Reads a {@link LateBody}. */
export const postLate: Schema<LateBody> = object({ occurredAt: time, movements: listOf(movement, { atLeast: 1 }) });

/** What was recorded, and nothing of what was expected. */
export const recordedBody: Schema<RecordedBody> = v.object({
  commandUuid: v.string(),
  sequence: v.number(),
  recordedAt: v.number(),
});

/** A page of counts, and by how much each was off. */
export const variancesBody: Schema<VariancesBody> = v.object({
  counts: v.array(
    v.object({
      commandUuid: v.string(),
      locationUuid: v.string(),
      productUuid: v.string(),
      variantUuid: v.string(),
      observedAt: v.number(),
      counted: amount,
      expected: amount,
      variance: amount,
      explained: amount,
    }),
  ),
});

/** A balance as effective at a time. */
export const effectiveBody: Schema<EffectiveBody> = v.object({
  locationUuid: v.string(),
  variantUuid: v.string(),
  onHand: amount,
  effective: amount,
  asOf: v.number(),
});
