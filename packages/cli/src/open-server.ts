import { createServer, type Server } from 'node:http';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { HttpHandler } from '@stockfold/http';

/** How long a client is waited for, in milliseconds. */
type Waits = Readonly<{
  /** For its headers. */
  headersMs: number;
  /** For its headers and body together. */
  requestMs: number;
  /** For anything to move on its socket. */
  idleMs: number;
}>;

// A client that sends slower than this holds a socket for nothing, and so does one that does not take its answer; a stream
// says that it is alive every fifteen seconds.
const WAITS: Waits = { headersMs: 10_000, requestMs: 30_000, idleMs: 120_000 };
// Node looks for slow clients only so often: by itself every 30 s, by when the limits above would be other ones.
const LOOK_MS = 1_000;
const REQUESTS_PER_SOCKET_MAX = 1_000;

/** A server that waits for no client longer than it should, and answers none that means two things at once. */
export function openServer(handler: HttpHandler, waits: Partial<Waits> = {}): Server {
  const { headersMs, requestMs, idleMs } = { ...WAITS, ...waits };
  const listener = getRequestListener(
    async (request: Request, platform: Platform) =>
      hostsOf(platform) > 1 ? refuse('INVALID_HOST', 'The request names its host twice.') : handler(request, platform),
    { errorHandler: refuseUnread },
  );
  const limits = { headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: LOOK_MS };
  const server = createServer(limits, listener);
  server.setTimeout(idleMs);
  server.maxRequestsPerSocket = REQUESTS_PER_SOCKET_MAX;
  return server;
}

type Platform = Readonly<{ incoming: Readonly<{ rawHeaders: readonly string[] }> }>;

/** Node lets several through and names the first; what stands in front of it may have gone by the last. */
function hostsOf({ incoming }: Platform): number {
  return incoming.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length;
}

/** What no `Request` can be made of. */
function refuseUnread(error: unknown): Response {
  if (error instanceof RequestError) return refuse('INVALID_URL', 'The request names no address of this server.');
  throw error;
}

function refuse(errorType: string, developerMessage: string): Response {
  const headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
  return Response.json({ developerMessage, errorType, violations: [] }, { status: 400, headers });
}
