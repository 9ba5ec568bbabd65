import { HOLD_LINES_MAX, type Quantity, type Uuid } from '@stockfold/core';
import * as v from 'valibot';
import { asJson, change, listOf, object, type Schema, uuid } from './json-schemas.ts';

/** `POST …/holds` */
export type HoldsBody = {
  owner: string;
  /** Milliseconds since 1970; null for a hold that does not expire. */
  expiresAt?: number | null | undefined;
  holds: { holdUuid: Uuid; locationUuid: Uuid; productUuid: Uuid; variantUuid: Uuid; quantity: Quantity }[];
};

/** `POST …/holds/{hold}/post` and `…/release`: how much; all that is left when absent. */
export type HoldPartBody = { quantity?: Quantity | null | undefined };

/** `POST …/holds/{hold}/post` */
export type PostHoldBody = HoldPartBody & { toLocationUuid?: Uuid | null | undefined };

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/;

/** ISO 8601, to the millisecond at most. */
const time: Schema<number> = v.pipe(
  v.string('INVALID_TYPE'),
  v.check(text => TIME.test(text) && !Number.isNaN(Date.parse(text)), 'INVALID_TIME'),
  v.transform(text => Date.parse(text)),
  asJson({ type: 'string', format: 'date-time' }),
);

/** Reads a {@link HoldsBody}. */
export const postHolds: Schema<HoldsBody> = object({
  owner: v.pipe(v.string('INVALID_TYPE'), v.minLength(1, 'INVALID_NAME'), v.maxLength(256, 'INVALID_NAME')),
  expiresAt: v.nullish(time),
  holds: v.pipe(
    listOf(object({ holdUuid: uuid, locationUuid: uuid, productUuid: uuid, variantUuid: uuid, quantity: change }), {
      atLeast: 1,
    }),
    v.check(holds => holds.length <= HOLD_LINES_MAX, 'TOO_MANY_CHANGES'),
  ),
});

/** Reads a {@link PostHoldBody}. */
export const postHold: Schema<PostHoldBody> = object({ quantity: v.nullish(change), toLocationUuid: v.nullish(uuid) });

/** Reads a {@link HoldPartBody}. */
export const releaseHold: Schema<HoldPartBody> = object({ quantity: v.nullish(change) });
