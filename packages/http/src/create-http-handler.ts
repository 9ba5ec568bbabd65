import { type Ledger, type OrganizationId, parseUuid } from '@stockfold/core';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { Result } from 'neverthrow';
import { listLocations, moveStock, startTrackingProduct } from './inventory.ts';
import { movingOfBulk, movingOfPut } from './moving.ts';
import { okResponse, type Problem, problem, problemResponse } from './problem.ts';
import { readBody } from './read-body.ts';
import { bulkInventory, putInventory, startTrackingProduct as startTrackingSchema } from './schemas.ts';

/** What a token may do, as in the mirrored API. */
export type Scope = 'READ:PRODUCT' | 'WRITE:PRODUCT';

/** Who a request comes from. */
export type Identity = Readonly<{ organizationId: string; scopes: readonly string[] }>;

export type HttpHandlerOptions = Readonly<{
  /** The ledger of an organization that `authenticate` has named. */
  ledgerFor: (organizationId: OrganizationId) => Ledger | Promise<Ledger>;
  /** Who sent the request; null for nobody known. There is no default: a ledger is never served open by accident. */
  authenticate: (request: Request) => Identity | null | Promise<Identity | null>;
  /** Told of errors that no caller could handle, for the host's log; the answer is a 500 without detail. */
  onError?: ((error: unknown) => void) | undefined;
}>;

/** A host mounts it wherever `fetch` handlers go. */
export type HttpHandler = (request: Request) => Promise<Response>;

/** The largest body that is read, in bytes. */
export const BODY_BYTES_MAX: number = 1024 * 1024;

type Env = { Variables: { ledger: Ledger } };

/**
 * The ledger over HTTP, in the shape of the Zettle Inventory API: a handler from `Request` to `Response`.
 *
 * Problems are looked for in a fixed order: route, method, token, organization, scope, size, media type, text, JSON,
 * fields, and then the ledger's own rules. The first one is the answer, and nothing has changed.
 *
 * @see Zettle Inventory API, "Updating inventory balances".
 */
export function createHttpHandler(options: HttpHandlerOptions): HttpHandler {
  const { ledgerFor, authenticate, onError } = options;
  if (typeof ledgerFor !== 'function') throw new TypeError('createHttpHandler: ledgerFor is a function');
  if (typeof authenticate !== 'function') throw new TypeError('createHttpHandler: authenticate is a function');
  const app = new Hono<Env>({ strict: false });
  const reads = guard(options, 'READ:PRODUCT');
  const writes = guard(options, 'WRITE:PRODUCT');

  app.use(methodNotAllowed({ app, onMethodNotAllowed: (_, methods) => refuseMethod(methods) }));
  app.get('/organizations/:organization/locations', reads, async c => respond(await listLocations(c.var.ledger)));
  app.post('/organizations/:organization/inventory', writes, limited, async c => {
    const body = await readBody(c.req.raw, startTrackingSchema);
    return respond(body.isErr() ? body : await startTrackingProduct(c.var.ledger, body.value.productUuid));
  });
  app.put('/organizations/:organization/inventory', writes, limited, async c => {
    const request = (await readBody(c.req.raw, putInventory)).map(movingOfPut);
    return respond(request.isErr() ? request : await moveStock(c.var.ledger, request.value));
  });
  app.post('/organizations/:organization/v2/inventory/bulk', writes, limited, async c => {
    const request = (await readBody(c.req.raw, bulkInventory)).andThen(movingOfBulk);
    return respond(request.isErr() ? request : await moveStock(c.var.ledger, request.value));
  });
  app.notFound(() => problemResponse(problem(404, 'NOT_FOUND', 'There is no such path.')));
  const failed = (thrown: unknown, request?: Request) => {
    // A client that went away in the middle of its body is no news for the host.
    if (request?.signal.aborted !== true) onError?.(thrown);
    return problemResponse(problem(500, 'INTERNAL_ERROR', 'The request failed.'));
  };
  app.onError((error, c) => failed(error, c.req.raw));
  return async request => {
    try {
      return await app.fetch(request);
    } catch (thrown) {
      // Hono hands on what is no Error.
      return failed(thrown);
    }
  };
}

const limited: MiddlewareHandler = bodyLimit({
  maxSize: BODY_BYTES_MAX,
  onError: () => problemResponse(problem(413, 'BODY_TOO_LARGE', 'The body has at most 1 MiB.')),
});

function respond(result: Result<unknown, Problem>): Response {
  return result.match(okResponse, problemResponse);
}

/** Lets a request through to the ledger of its organization; the body is not touched before. */
function guard(options: HttpHandlerOptions, scope: Scope): MiddlewareHandler<Env> {
  return async (c, next) => {
    const identity = await identify(options, c.req.raw);
    if (identity === undefined)
      return problemResponse(problem(503, 'AUTHENTICATION_UNAVAILABLE', 'Access tokens cannot be checked now.'));
    if (identity === null) return refuseToken(c);
    const { organizationId, scopes } = identity;
    const asked = c.req.param('organization')?.toLowerCase();
    if (c.req.param('organization') !== 'self' && asked !== organizationId)
      return problemResponse(problem(403, 'FORBIDDEN', 'The token is of another organization.'));
    if (!scopes.includes(scope))
      return problemResponse(problem(403, 'INSUFFICIENT_SCOPE', `The token has no scope ${scope}.`));
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

function refuseToken(c: Context): Response {
  // RFC 6750: a request without a token is told the scheme, one with a token that it does not count.
  const challenge = c.req.header('authorization') === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
  const message = 'The access token is missing, unknown or expired.';
  return problemResponse(problem(401, 'UNAUTHORIZED', message, { 'WWW-Authenticate': challenge }));
}

function refuseMethod(methods: readonly string[]): Response {
  return problemResponse(
    problem(405, 'METHOD_NOT_ALLOWED', 'The path has other methods.', { Allow: methods.join(', ') }),
  );
}
