import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { createLedger, type Ledger, type LedgerStore, type OrganizationId, parseUuid } from '@stockfold/core';
import { createHttpHandler } from '@stockfold/http';
import { CliError } from './cli-error.ts';
import { nameOf, openStore } from './open-store.ts';
import { authenticator, makeToken, readTokens, type TokenEntry } from './tokens.ts';

type ServeOptions = Readonly<{ port: number; host: string; db: string; tokens?: string }>;

// A client that sends its headers or body slower than this holds a socket for nothing. In milliseconds.
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/** Serves until SIGTERM or SIGINT, then answers what is under way and closes the store. */
export async function serve({ port, host, db, tokens }: ServeOptions): Promise<void> {
  const entries = tokens === undefined ? [makeToken()] : await readTokens(tokens);
  const store = await openStore(db);
  const handler = createHttpHandler({
    ledgerFor: ledgers(store, entries),
    authenticate: authenticator(entries),
    onError: error => console.error('stockfold: a request failed:', error),
  });
  const server = createAdaptorServer({
    fetch: handler,
    serverOptions: { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
  });
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  console.log(`Stockfold serves ${nameOf(db)} on http://${host.includes(':') ? `[${host}]` : host}:${address.port}`);
  if (tokens === undefined) console.log(`No --tokens file was given. Access token of this run: ${entries[0]?.token}`);
  await stopSignal();
  await close(server);
  await store.close();
}

/** One ledger per organization, made when it is first asked for. */
function ledgers(store: LedgerStore, entries: readonly TokenEntry[]): (organizationId: OrganizationId) => Ledger {
  const open = new Map<OrganizationId, Ledger>();
  return organizationId => {
    const known = open.get(organizationId);
    if (known !== undefined) return known;
    const entry = entries.find(
      ({ organizationUuid, systemLocations }) =>
        systemLocations !== undefined && parseUuid(organizationUuid).unwrapOr(null) === organizationId,
    );
    const ledger = createLedger({ store, organizationId, systemLocations: entry?.systemLocations });
    open.set(organizationId, ledger);
    return ledger;
  };
}

function listen(server: ServerType, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CliError(`--host ${host} --port ${port}: cannot listen there (${error.code}).`)),
    );
    server.listen(port, host, resolve);
  });
}

function stopSignal(): Promise<void> {
  return new Promise(resolve => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

function close(server: ServerType): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  });
}
