import { parseUuid, type SetTimer } from '@stockfold/core';
import type { Context, MiddlewareHandler } from 'hono';
import type { HttpHandlerOptions, Scope } from './options.ts';
import { problem, problemResponse } from './problem.ts';
import type { Produced } from './routes/operation.ts';
import type { Env } from './routes/routes.ts';
import { setRuntimeTimer } from './timer.ts';

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

/** A host's check of a token is waited for so long, in milliseconds. */
export const AUTHENTICATE_MS: number = 10_000;

/** Undefined when the host's own check failed, took too long, or answered with no identity: then nobody is let through. */
async function identify(options: HttpHandlerOptions, request: Request) {
  const { authenticate, onError, setTimer = setRuntimeTimer } = options;
  try {
    const asked = authenticate(request);
    const identity = await (asked instanceof Promise ? inTime(asked, setTimer) : asked);
    if (identity === null || identity === undefined) return null;
    const organizationId = parseUuid(identity.organizationId).unwrapOr(null);
    if (organizationId !== null && Array.isArray(identity.scopes)) return { organizationId, scopes: identity.scopes };
    throw new TypeError('authenticate gives { organizationId, scopes } or null');
  } catch (error) {
    onError?.(error);
    return undefined;
  }
}

function inTime<T>(asked: Promise<T>, setTimer: SetTimer): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`authenticate has not answered within ${AUTHENTICATE_MS} ms`));
    const cancel = setTimer(late, AUTHENTICATE_MS);
    asked.finally(cancel).then(resolve, reject);
  });
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
