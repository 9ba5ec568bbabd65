import { parseUuid, type Uuid } from '@stockfold/core';
import type { Context } from 'hono';
import { err, ok, type Result } from 'neverthrow';
import * as v from 'valibot';
import { type SubscriptionBody, subscriptionBody } from '../answers.ts';
import { type Problem, problem, problemAt, problemResponse, SAFE_HEADERS } from '../problem.ts';
import {
  type ChangeSubscriptionBody,
  changeSubscription,
  type NewSubscriptionBody,
  newSubscription,
} from '../subscription-schemas.ts';
import type { StoredSubscription } from '../webhooks/webhook-store.ts';
import type { Operation } from './operation.ts';
import { type AddRoutes, addOperation, type Env, respond } from './routes.ts';

const PATH = '/organizations/:organization/subscriptions';
const webhook = { group: 'Webhooks', scope: 'READ:PRODUCT' } as const;

const post: Operation<NewSubscriptionBody> = {
  ...webhook,
  id: 'postSubscription',
  method: 'post',
  path: PATH,
  summary: 'Subscribe to what changes; the destination is sent a TestMessage first',
  body: newSubscription,
  answers: { 200: { description: 'The subscription, with the key of its signatures', schema: subscriptionBody } },
};

const put: Operation<ChangeSubscriptionBody> = {
  ...webhook,
  id: 'putSubscription',
  method: 'put',
  path: `${PATH}/:uuid`,
  summary: 'Change a subscription; what is absent stays as it was',
  body: changeSubscription,
  answers: { 200: { description: 'It was changed' } },
};

const list: Operation<undefined> = {
  ...webhook,
  id: 'getSubscriptions',
  method: 'get',
  path: PATH,
  summary: 'List the subscriptions, without their keys',
  answers: { 200: { description: 'In the order they were made', schema: v.array(subscriptionBody) } },
};

const remove = { ...webhook, method: 'delete', answers: { 204: { description: 'It is gone' } } } as const;
const REMOVES: readonly Operation<undefined>[] = [
  { ...remove, id: 'deleteSubscription', path: `${PATH}/:uuid`, summary: 'End a subscription' },
  {
    ...remove,
    id: 'deleteSubscriptionByUuid',
    path: `${PATH}/uuid/:uuid`,
    summary: 'End a subscription, on its older path',
  },
];

/** Who is told of changes, when the host has webhooks. What they tell may be read with READ:PRODUCT. */
export const addSubscriptionRoutes: AddRoutes = (app, setup) => {
  const { webhooks } = setup.options;
  if (webhooks === undefined) return;
  addOperation(app, setup, post, async (c, body) => {
    const checked = checkContact(body);
    if (checked.isErr()) return problemResponse(checked.error);
    const { uuid, eventNames, destination, exceptSource, contactEmail } = body;
    const input = {
      uuid,
      eventNames: eventNames ?? [],
      destination,
      exceptSource: exceptSource ?? null,
      contactEmail: contactEmail ?? '',
    };
    const made = await webhooks.subscribe(c.var.ledger, input);
    // The key is shown once: whoever can list subscriptions cannot forge messages.
    return respond(made.map(entry => ({ ...toBody(entry), signingKey: entry.subscription.signingKey })));
  });
  addOperation(app, setup, list, async c =>
    respond((await webhooks.list(c.var.ledger)).map(entries => entries.map(toBody))),
  );
  addOperation(app, setup, put, async (c, body) => {
    const checked = checkContact(body);
    const uuid = uuidOf(c);
    if (checked.isErr()) return problemResponse(checked.error);
    if (uuid.isErr()) return problemResponse(uuid.error);
    const { eventNames, destination, contactEmail } = body;
    const given = Object.entries({ eventNames, destination, contactEmail }).filter(([, value]) => value != null);
    // Null says something here: from now on, of all sources.
    if (body.exceptSource !== undefined) given.push(['exceptSource', body.exceptSource as string]);
    const changed = await webhooks.change(c.var.ledger, { uuid: uuid.value, ...Object.fromEntries(given) });
    return changed.match(() => new Response(null, { status: 200, headers: SAFE_HEADERS }), problemResponse);
  });
  for (const operation of REMOVES)
    addOperation(app, setup, operation, async c => {
      const uuid = uuidOf(c);
      if (uuid.isErr()) return problemResponse(uuid.error);
      const gone = await webhooks.unsubscribe(c.var.ledger, uuid.value);
      return gone.match(() => new Response(null, { status: 204, headers: SAFE_HEADERS }), problemResponse);
    });
};

const CONTACT_EMAIL_MAX = 512;

function checkContact<T extends { contactEmail?: string | null | undefined }>(body: T): Result<T, Problem> {
  const { contactEmail } = body;
  if (contactEmail == null || (contactEmail.includes('@') && contactEmail.length <= CONTACT_EMAIL_MAX)) return ok(body);
  return err(problemAt(422, 'INVALID_CONTACT_EMAIL', 'This is not an e-mail address.', ['contactEmail']));
}

function uuidOf(c: Context<Env>): Result<Uuid, Problem> {
  const uuid = parseUuid(c.req.param('uuid')).unwrapOr(null);
  return uuid === null ? err(problem(404, 'SUBSCRIPTION_NOT_FOUND', 'There is no such subscription.')) : ok(uuid);
}

function toBody({ subscription, progress }: StoredSubscription): SubscriptionBody {
  const { uuid, eventNames, updated, destination, exceptSource, contactEmail } = subscription;
  return {
    uuid,
    transportName: 'WEBHOOK',
    eventNames: [...eventNames],
    updated: new Date(updated).toISOString(),
    destination,
    ...(exceptSource == null ? {} : { exceptSource }),
    contactEmail,
    status: progress.failures === 0 ? 'ACTIVE' : 'FAILING',
  };
}
