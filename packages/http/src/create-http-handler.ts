import { Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { guard } from './guard.ts';
import { idempotent } from './idempotency.ts';
import { observe } from './observe.ts';
import type { HttpHandlerOptions } from './options.ts';
import { problem, problemResponse } from './problem.ts';
import { addBalanceHistoryRoutes } from './routes/balance-history-routes.ts';
import { addBalanceRoutes } from './routes/balance-routes.ts';
import { addCountRoutes } from './routes/count-routes.ts';
import { addDocsRoutes } from './routes/docs-routes.ts';
import { addHistoryRoutes } from './routes/history-routes.ts';
import { addHoldRoutes } from './routes/hold-routes.ts';
import { addJournalRoutes } from './routes/journal-routes.ts';
import { addLedgerRoutes } from './routes/ledger-routes.ts';
import { addLocationRoutes } from './routes/location-routes.ts';
import { addLowStockRoutes } from './routes/low-stock-routes.ts';
import { addMovementRoutes } from './routes/movement-routes.ts';
import { addPolicyRoutes } from './routes/policy-routes.ts';
import { addPreviewRoutes } from './routes/preview-routes.ts';
import { addReversalRoutes } from './routes/reversal-routes.ts';
import type { AddRoutes, Env } from './routes/routes.ts';
import { addSubscriptionRoutes } from './routes/subscription-routes.ts';
import { addTrackingRoutes } from './routes/tracking-routes.ts';
import { addV3Routes } from './routes/v3-routes.ts';

/**
 * A host mounts it wherever `fetch` handlers go.
 *
 * @param platform - What `@hono/node-server` and others give beside the request. Node's own message, where it is among
 *   it, is read without a web stream in front of it; nothing else is used.
 */
export type HttpHandler = (request: Request, platform?: unknown) => Promise<Response>;

const GROUPS: readonly AddRoutes[] = [
  addLocationRoutes,
  addBalanceRoutes,
  addMovementRoutes,
  addPolicyRoutes,
  addCountRoutes,
  addHoldRoutes,
  addTrackingRoutes,
  addLowStockRoutes,
  addHistoryRoutes,
  addBalanceHistoryRoutes,
  addReversalRoutes,
  addPreviewRoutes,
  addJournalRoutes,
  addSubscriptionRoutes,
  addLedgerRoutes,
  addV3Routes,
  addDocsRoutes,
];

/**
 * The ledger over HTTP, in the shape of the Zettle Inventory API: a handler from `Request` to `Response`.
 *
 * Problems are looked for in a fixed order: route, method, token, organization, scope, what the client takes, media type,
 * encoding, size, text, JSON, depth and keys, fields, and then the ledger's own rules. The first one is the answer, and
 * nothing has changed.
 *
 * @throws TypeError when `ledgerFor` or `authenticate` is no function, or `publicUrl` no address: a mistake in the program.
 * @see Zettle Inventory API, "Updating inventory balances".
 */
export function createHttpHandler(options: HttpHandlerOptions): HttpHandler {
  const { ledgerFor, authenticate, onError } = options;
  if (typeof ledgerFor !== 'function') throw new TypeError('createHttpHandler: ledgerFor is a function');
  if (typeof authenticate !== 'function') throw new TypeError('createHttpHandler: authenticate is a function');
  if (options.publicUrl !== undefined && !isPublicUrl(options.publicUrl))
    throw new TypeError('createHttpHandler: publicUrl is an address of http or https without a slash at its end');
  const app = new Hono<Env>({ strict: false });
  const setup = {
    options,
    reads: [guard(options, 'READ:PRODUCT')],
    streams: [guard(options, 'READ:PRODUCT', 'text/event-stream')],
    writes: [guard(options, 'WRITE:PRODUCT'), idempotent(options)],
    operations: [],
  };
  app.use(observe(options));
  for (const add of GROUPS) add(app, setup);
  const otherMethods = methodNotAllowed({ app, onMethodNotAllowed: (_, methods) => refuseMethod(methods) });
  app.notFound(async c => {
    c.res = problemResponse(problem(404, 'NOT_FOUND', 'There is no such path.'));
    // Only here, and not in front of every request that finds its path.
    await otherMethods(c, async () => undefined);
    return c.res;
  });
  const failed = (thrown: unknown, request?: Request) => {
    // A client that went away in the middle of its body is no news for the host.
    if (request?.signal.aborted !== true) onError?.(thrown);
    return problemResponse(problem(500, 'INTERNAL_ERROR', 'The request failed.'));
  };
  app.onError((error, c) => failed(error, c.req.raw));
  return async (request, platform) => {
    try {
      return await app.fetch(request, platform);
    } catch (thrown) {
      // Hono hands on what is no Error.
      return failed(thrown);
    }
  };
}

/** Whether a text can be `publicUrl`: paths are put behind it, and it stands between `<` and `>`. */
export function isPublicUrl(text: string): boolean {
  return /^https?:\/\/[^\s<>?#"]*[^\s<>?#"/]$/.test(text) && URL.canParse(text);
}

function refuseMethod(methods: readonly string[]): Response {
  return problemResponse(
    problem(405, 'METHOD_NOT_ALLOWED', 'The path has other methods.', { Allow: methods.join(', ') }),
  );
}
