import * as v from 'valibot';
import { readEffective, readVariances, recordCount, recordLate } from '../counts.ts';
import {
  type CountBody,
  effectiveBody,
  type LateBody,
  postCount,
  postLate,
  recordedBody,
  variancesBody,
} from '../counts-schemas.ts';
import { okResponse, problemResponse } from '../problem.ts';
import { uuidInPath, wholeInQuery } from '../read-request.ts';
import { nextLink } from './next-link.ts';
import type { Operation } from './operation.ts';
import { type AddRoutes, addOperation, respond } from './routes.ts';

const TIMES = { min: 0, max: 8_640_000_000_000_000 } as const;
const recorded = { 200: { description: 'What was recorded', schema: recordedBody } } as const;

const count: Operation<CountBody> = {
  id: 'postCount',
  group: 'Counts',
  method: 'post',
  path: '/organizations/:organization/counts',
  scope: 'WRITE:PRODUCT',
  summary: 'Record what was counted on a shelf, and settle the difference',
  description: 'The answer has no figure that was expected. A count that is older than another one is 409.',
  body: postCount,
  answers: recorded,
};

const late: Operation<LateBody> = {
  id: 'postLateMovements',
  group: 'Counts',
  method: 'post',
  path: '/organizations/:organization/late-movements',
  scope: 'WRITE:PRODUCT',
  summary: 'Record movements that have occurred a while ago; what a count has seen is not taken twice',
  body: postLate,
  answers: recorded,
};

/** Counts, and the time at which things have happened. */
export const addCountRoutes: AddRoutes = (app, setup) => {
  addOperation(app, setup, count, async (c, body) => respond(await recordCount(c.var.ledger, body)));
  addOperation(app, setup, late, async (c, body) => respond(await recordLate(c.var.ledger, body)));
  addOperation(
    app,
    setup,
    {
      id: 'getCounts',
      group: 'Counts',
      method: 'get',
      path: '/organizations/:organization/counts',
      scope: 'READ:PRODUCT',
      summary: 'List counts, and by how much each was off, balance by balance',
      query: {
        from: { description: 'Only those observed then or later, in milliseconds since 1970', schema: v.string() },
        to: { description: 'Only those observed before', schema: v.string() },
        cursor: { description: 'From the Link of the answer before', schema: v.string() },
        limit: { description: 'How many are looked at, 1 to 1,000; 100 when absent', schema: v.string() },
      },
      answers: {
        200: { description: 'Counts', schema: variancesBody, headers: { Link: 'The next page, rel="next"' } },
      },
    },
    async c => {
      const from = wholeInQuery(c, 'from', TIMES);
      if (from.isErr()) return respond(from);
      const to = wholeInQuery(c, 'to', TIMES);
      if (to.isErr()) return respond(to);
      const limit = wholeInQuery(c, 'limit', { min: 1, max: 1_000 });
      if (limit.isErr()) return respond(limit);
      const times = { from: from.value, to: to.value, limit: limit.value };
      const page = await readVariances(c.var.ledger, { ...times, cursor: c.req.query('cursor') });
      if (page.isErr()) return problemResponse(page.error);
      const { body, next } = page.value;
      const again = Object.entries(times).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]));
      return okResponse(body, nextLink(c, next === null ? null : { ...Object.fromEntries(again), cursor: next }));
    },
  );
  addOperation(
    app,
    setup,
    {
      id: 'getEffectiveBalance',
      group: 'Counts',
      method: 'get',
      path: '/organizations/:organization/effective-balances/:location/:variant',
      scope: 'READ:PRODUCT',
      summary: 'Read a balance as effective at a time: by what had occurred by then, whenever it was recorded',
      query: {
        at: { description: 'Milliseconds since 1970; now when absent', schema: v.string() },
      },
      answers: { 200: { description: 'The balance on both axes', schema: effectiveBody } },
    },
    async c => {
      const locationId = uuidInPath(c, 'location', 'locationUuid');
      if (locationId.isErr()) return respond(locationId);
      const variantId = uuidInPath(c, 'variant', 'variantUuid');
      if (variantId.isErr()) return respond(variantId);
      const at = wholeInQuery(c, 'at', TIMES);
      if (at.isErr()) return respond(at);
      const query = { locationId: locationId.value, variantId: variantId.value, at: at.value ?? c.var.ledger.now() };
      return respond(await readEffective(c.var.ledger, query));
    },
  );
};
