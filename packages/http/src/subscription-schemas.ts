import type { Uuid } from '@stockfold/core';
import * as v from 'valibot';
import { object, oneOf, type Schema, uuid } from './json-schemas.ts';

/** `POST /organizations/{organization}/subscriptions` */
export type NewSubscriptionBody = {
  uuid: Uuid;
  transportName: 'WEBHOOK';
  /** Empty or absent: all. */
  eventNames?: string[] | null | undefined;
  destination: string;
  contactEmail?: string | null | undefined;
};

/** `PUT /organizations/{organization}/subscriptions/{uuid}` */
export type ChangeSubscriptionBody = {
  transportName?: 'WEBHOOK' | null | undefined;
  eventNames?: string[] | null | undefined;
  destination?: string | null | undefined;
  contactEmail?: string | null | undefined;
};

// There are a few dozen kinds of events in the mirrored API; those of other parts of it may be named, and never happen.
const eventNames = v.pipe(
  v.array(v.pipe(v.string('INVALID_TYPE'), v.regex(/^[A-Za-z]{1,64}$/, 'INVALID_ENUM')), 'INVALID_TYPE'),
  v.maxLength(100, 'TOO_MANY_CHANGES'),
);
const transportName = oneOf(['WEBHOOK']);
const destination = v.pipe(v.string('INVALID_TYPE'), v.maxLength(2_048, 'INVALID_TYPE'));
const contactEmail = v.nullish(v.string('INVALID_TYPE'));

/** Reads a {@link NewSubscriptionBody}. */
export const newSubscription: Schema<NewSubscriptionBody> = object({
  uuid,
  transportName,
  eventNames: v.nullish(eventNames),
  destination,
  contactEmail,
});

/** Reads a {@link ChangeSubscriptionBody}. */
export const changeSubscription: Schema<ChangeSubscriptionBody> = object({
  transportName: v.nullish(transportName),
  eventNames: v.nullish(eventNames),
  destination: v.nullish(destination),
  contactEmail,
});
