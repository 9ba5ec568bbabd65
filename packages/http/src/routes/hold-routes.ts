import * as v from 'valibot';
import { availabilityBody, holdsPage, recordedBody } from '../answers.ts';
import {
  type HoldPartBody,
  type HoldsBody,
  type PostHoldBody,
  postHold,
  postHolds,
  releaseHold,
} from '../hold-schemas.ts';
import * as holds from '../holds.ts';
import { uuidInPath, wholeInQuery } from '../read-request.ts';
import type { Operation } from './operation.ts';
import { type AddRoutes, addOperation, respond } from './routes.ts';

const PATH = '/organizations/:organization/holds';
const written = { 200: { description: 'It is recorded', schema: recordedBody } } as const;
const common = { group: 'Holds', method: 'post', scope: 'WRITE:PRODUCT', answers: written } as const;

const place: Operation<HoldsBody> = {
  ...common,
  id: 'postHolds',
  path: PATH,
  summary: 'Hold stock for somebody, all of it or nothing',
  description: 'The policy says `holds: true`. What is held is kept from others wherever a floor is.',
  body: postHolds,
};

const post: Operation<PostHoldBody> = {
  ...common,
  id: 'postHold',
  path: `${PATH}/:hold/post`,
  summary: 'Move what is held, or some of it: the rest stays held',
  description: 'It goes to SOLD unless another location is named.',
  body: postHold,
};

const release: Operation<HoldPartBody> = {
  ...common,
  id: 'releaseHold',
  path: `${PATH}/:hold/release`,
  summary: 'Give up what is held, or some of it',
  body: releaseHold,
};

const text = (description: string) => ({ description, schema: v.string() }) as const;

/** Stock that is kept for somebody. */
export const addHoldRoutes: AddRoutes = (app, setup) => {
  addOperation(app, setup, place, async (c, body) => respond(await holds.placeHolds(c.var.ledger, body)));
  addOperation(app, setup, post, async (c, body) => {
    const hold = uuidInPath(c, 'hold', 'holdUuid');
    return respond(hold.isErr() ? hold : await holds.postHold(c.var.ledger, hold.value, body));
  });
  addOperation(app, setup, release, async (c, body) => {
    const hold = uuidInPath(c, 'hold', 'holdUuid');
    return respond(hold.isErr() ? hold : await holds.releaseHold(c.var.ledger, hold.value, body));
  });
  addOperation(
    app,
    setup,
    {
      id: 'getHolds',
      group: 'Holds',
      method: 'get',
      path: PATH,
      scope: 'READ:PRODUCT',
      summary: 'List the open holds with owner and age, by location, variant and id',
      query: {
        locationUuid: text('Only those at this location'),
        variantUuid: text('Only those of this variant, at the location'),
        cursor: text('`next` of the page before'),
        limit: text('1 to 1,000; 100 when absent'),
      },
      answers: { 200: { description: 'A page of holds', schema: holdsPage } },
    },
    async c => {
      const { locationUuid: locationId, variantUuid: variantId, cursor } = c.req.query();
      const limit = wholeInQuery(c, 'limit', { min: 1, max: 1_000 });
      if (limit.isErr()) return respond(limit);
      return respond(await holds.openHolds(c.var.ledger, { locationId, variantId, cursor, limit: limit.value }));
    },
  );
  addOperation(
    app,
    setup,
    {
      id: 'getAvailability',
      group: 'Holds',
      method: 'get',
      path: '/organizations/:organization/availability',
      scope: 'READ:PRODUCT',
      summary: 'Read a balance with what is promised of it, as of one sequence',
      query: {
        locationUuid: { ...text('Where'), required: true },
        variantUuid: { ...text('Of what'), required: true },
      },
      answers: { 200: { description: 'On hand, reserved, available, and the holds', schema: availabilityBody } },
    },
    async c => {
      const { locationUuid: locationId = '', variantUuid: variantId = '' } = c.req.query();
      return respond(await holds.availability(c.var.ledger, { locationId, variantId }));
    },
  );
};
