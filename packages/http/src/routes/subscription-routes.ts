import { parseUuid, type Uuid } from '@stockfold/core';
import type { Context } from 'hono';
import { err, ok, type Result } from 'neverthrow';
import { limitBody } from '../limit-body.ts';
import { type Problem, problem, problemAt, problemResponse, SAFE_HEADERS } from '../problem.ts';
import { readBody } from '../read-body.ts';
import { changeSubscription, newSubscription } from '../subscription-schemas.ts';
import type { StoredSubscription } from '../webhooks/webhook-store.ts';
import { type AddRoutes, type Env, respond } from './routes.ts';

/** Who is told of changes, when the host has webhooks. What they tell may be read with READ:PRODUCT. */
export const addSubscriptionRoutes: AddRoutes = (app, { options: { webhooks }, reads }) => {
  if (webhooks === undefined) return;
  const path = '/organizations/:organization/subscriptions';
  app.post(path, reads, limitBody, async c => {
    const body = (await readBody(c.req.raw, newSubscription)).andThen(checkContact);
    if (body.isErr()) return problemResponse(body.error);
    const { uuid, eventNames, destination, contactEmail } = body.value;
    const input = { uuid, eventNames: eventNames ?? [], destination, contactEmail: contactEmail ?? '' };
    const made = await webhooks.subscribe(c.var.ledger, input);
    // The key is shown once: whoever can list subscriptions cannot forge messages.
    return respond(made.map(entry => ({ ...toBody(entry), signingKey: entry.subscription.signingKey })));
  });
  app.get(path, reads, async c => respond((await webhooks.list(c.var.ledger)).map(entries => entries.map(toBody))));
  app.put(`${path}/:uuid`, reads, limitBody, async c => {
    const body = (await readBody(c.req.raw, changeSubscription)).andThen(checkContact);
    const uuid = uuidOf(c);
    if (body.isErr()) return problemResponse(body.error);
    if (uuid.isErr()) return problemResponse(uuid.error);
    const { eventNames, destination, contactEmail } = body.value;
    const given = Object.entries({ eventNames, destination, contactEmail }).filter(([, value]) => value != null);
    const changed = await webhooks.change(c.var.ledger, { uuid: uuid.value, ...Object.fromEntries(given) });
    return changed.match(() => new Response(null, { status: 200, headers: SAFE_HEADERS }), problemResponse);
  });
  const unsubscribe = async (c: Context<Env>) => {
    const uuid = uuidOf(c);
    if (uuid.isErr()) return problemResponse(uuid.error);
    const gone = await webhooks.unsubscribe(c.var.ledger, uuid.value);
    return gone.match(() => new Response(null, { status: 204, headers: SAFE_HEADERS }), problemResponse);
  };
  app.delete(`${path}/:uuid`, reads, unsubscribe);
  app.delete(`${path}/uuid/:uuid`, reads, unsubscribe);
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

function toBody({ subscription, progress }: StoredSubscription) {
  const { uuid, eventNames, updated, destination, contactEmail } = subscription;
  return {
    uuid,
    transportName: 'WEBHOOK',
    eventNames,
    updated: new Date(updated).toISOString(),
    destination,
    contactEmail,
    status: progress.failures === 0 ? 'ACTIVE' : 'FAILING',
  };
}
