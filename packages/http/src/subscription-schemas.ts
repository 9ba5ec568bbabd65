import { isSource, SOURCE_LENGTH_MAX, type Uuid } from '@stockfold/core';
import * as v from 'valibot';
import { asJson, object, oneOf, type Schema, uuid } from './json-schemas.ts';

/** `POST /organizations/{organization}/subscriptions` */
export type NewSubscriptionBody = {
  uuid: Uuid;
  transportName: 'WEBHOOK';
  /** Empty or absent: all. */
  eventNames?: string[] | null | undefined;
  destination: string;
  /** A source whose records are not told of. */
  exceptSource?: string | null | undefined;
  contactEmail?: string | null | undefined;
};

/** `PUT /organizations/{organization}/subscriptions/{uuid}` */
export type ChangeSubscriptionBody = {
  transportName?: 'WEBHOOK' | null | undefined;
  eventNames?: string[] | null | undefined;
  destination?: string | null | undefined;
  /** Null: none from now on. */
  exceptSource?: string | null | undefined;
  contactEmail?: string | null | undefined;
};

// There are a few dozen kinds of events in the mirrored API; those of other parts of it may be named, and never happen.
const eventNames = v.pipe(
  v.array(v.pipe(v.string('INVALID_TYPE'), v.regex(/^[A-Za-z]{1,64}$/, 'INVALID_ENUM')), 'INVALID_TYPE'),
  v.maxLength(100, 'TOO_MANY_CHANGES'),
);
const transportName = oneOf(['WEBHOOK']);
const destination = v.pipe(v.string('INVALID_TYPE'), v.maxLength(2_048, 'INVALID_TYPE'));
const source = v.pipe(
  v.string('INVALID_TYPE'),
  v.check(source => isSource(source), 'INVALID_PROVENANCE'),
  asJson({ minLength: 1, maxLength: SOURCE_LENGTH_MAX }),
);
const contactEmail = v.nullish(v.string('INVALID_TYPE'));

/** Reads a {@link NewSubscriptionBody}. */
export const newSubscription: Schema<NewSubscriptionBody> = object({
  uuid,
  transportName,
  eventNames: v.nullish(eventNames),
  destination,
  exceptSource: v.nullish(source),
  contactEmail,
});

/** Reads a {@link ChangeSubscriptionBody}. */
export const changeSubscription: Schema<ChangeSubscriptionBody> = object({
  transportName: v.nullish(transportName),
  eventNames: v.nullish(eventNames),
  destination: v.nullish(destination),
  exceptSource: v.nullish(source),
  contactEmail,
});
