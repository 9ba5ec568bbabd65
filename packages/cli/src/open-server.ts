import { createAdaptorServer, type ServerType } from '@hono/node-server';
import type { HttpHandler } from '@stockfold/http';

// A client that sends its headers or body slower than this holds a socket for nothing. In milliseconds.
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
// So does one that does not take its answer; a stream says that it is alive every fifteen seconds.
const IDLE_MS = 120_000;

/**
 * A server that waits for no client longer than it should.
 *
 * @param idleMs - How long nothing may move on a socket, in milliseconds.
 */
export function openServer(handler: HttpHandler, idleMs: number = IDLE_MS): ServerType {
  const server = createAdaptorServer({
    fetch: handler,
    serverOptions: { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
  });
  if ('setTimeout' in server) server.setTimeout(idleMs);
  return server;
}
