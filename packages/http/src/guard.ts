import { parseUuid } from '@stockfold/core';
import type { Context, MiddlewareHandler } from 'hono';
import type { HttpHandlerOptions, Scope } from './options.ts';
import { problem, problemResponse } from './problem.ts';
import type { Produced } from './routes/operation.ts';
import type { Env } from './routes/routes.ts';

/** Lets a request through to the ledger of its organization; the body is not touched before. */
export function guard(
  options: HttpHandlerOptions,
  scope: Scope,
  produces: Produced = 'application/json',
): MiddlewareHandler<Env> {
  return async (c, next) => {
    const identity = await identify(options, c.req.raw);
    if (identity === undefined)
      return problemResponse(problem(503, 'AUTHENTICATION_UNAVAILABLE', 'Access tokens cannot be checked now.'));
    if (identity === null) return refuseToken(c);
    const { organizationId, scopes } = identity;
    // Some paths name no organization: then it is the one of the token.
    const asked = c.req.param('organization') ?? 'self';
    if (asked !== 'self' && asked.toLowerCase() !== organizationId)
      return problemResponse(problem(403, 'FORBIDDEN', 'The token is of another organization.'));
    if (!scopes.includes(scope))
      return problemResponse(problem(403, 'INSUFFICIENT_SCOPE', `The token has no scope ${scope}.`));
    if (!accepts(c.req.header('accept'), produces))
      return problemResponse(problem(406, 'NOT_ACCEPTABLE', `Answers are ${produces}.`));
    c.set('publicUrl', options.publicUrl ?? '');
    c.set('ledger', await options.ledgerFor(organizationId));
    await next();
    return undefined;
  };
}

/** Undefined when the host's own check failed, or answered with no identity: then nobody is let through. */
async function identify({ authenticate, onError }: HttpHandlerOptions, request: Request) {
  try {
    const identity = await authenticate(request);
    if (identity === null || identity === undefined) return null;
    const organizationId = parseUuid(identity.organizationId).unwrapOr(null);
    if (organizationId !== null && Array.isArray(identity.scopes)) return { organizationId, scopes: identity.scopes };
    throw new TypeError('authenticate gives { organizationId, scopes } or null');
  } catch (error) {
    onError?.(error);
    return undefined;
  }
}

/** Whether a client that says what it takes would take this; what it likes best does not matter. */
function accepts(header: string | undefined, produces: Produced): boolean {
  if (header === undefined || header.trim() === '') return true;
  const types = header.split(',').map(part => part.split(';')[0]?.trim().toLowerCase());
  return types.some(type => type === produces || type === `${produces.split('/')[0]}/*` || type === '*/*');
}

function refuseToken(c: Context): Response {
  // RFC 6750: a request without a token is told the scheme, one with a token that it does not count.
  const challenge = c.req.header('authorization') === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
  const message = 'The access token is missing, unknown or expired.';
  return problemResponse(problem(401, 'UNAUTHORIZED', message, { 'WWW-Authenticate': challenge }));
}
