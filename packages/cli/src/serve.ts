import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConsole } from '@stockfold/console';
import { createLedger, type Ledger, type LedgerStore } from '@stockfold/core';
import { createHttpHandler, createWebhooks, isPublicUrl, type LogEvent, type Webhooks } from '@stockfold/http';
import { CliError } from './cli-error.ts';
import { openServer } from './open-server.ts';
import { nameOf, openStore } from './open-store.ts';
import { sendWebhook } from './send-webhook.ts';
import { authenticator, makeToken, readTokens, type TokenEntry } from './tokens.ts';
import { openWebhookFile } from './webhook-file.ts';

/** The flags of `serve`. */
type ServeOptions = Readonly<{
  port: number;
  host: string;
  db: string;
  tokens?: string;
  idempotency: 'header' | 'externalUuid';
  webhooks?: string;
  webhookDestination?: readonly string[];
  publicUrl?: string;
  log?: true;
}>;

// At the end, a client that has sent half a request is not waited for any longer. In milliseconds.
const GRACE_MS = 5_000;

/** Serves until SIGTERM or SIGINT, then answers what is under way and closes the store. */
export async function serve(options: ServeOptions): Promise<void> {
  const { port, host, db, tokens, idempotency } = options;
  // Node would listen on every address, and SQLite keep what is forgotten at the end.
  if (host === '') throw new CliError('--host is empty.');
  if (db === '') throw new CliError('--db is empty.');
  const onLog = options.log === true ? logLine : undefined;
  if (options.publicUrl !== undefined && !isPublicUrl(options.publicUrl))
    throw new CliError('--public-url: give an address of http or https without a slash at its end.');
  const webhooks = await openWebhooks(options, onLog);
  const entries = tokens === undefined ? [makeToken()] : await readTokens(tokens);
  const store = await openStore(db);
  const ledgers = openLedgers(store, entries);
  await checkLocations(ledgers);
  const stopping = new AbortController();
  const handler = createHttpHandler({
    ledgerFor: organizationId => ledgers.get(organizationId) as Ledger,
    authenticate: authenticator(entries),
    onError: error => console.error('stockfold: a request failed:', error),
    idempotency,
    publicUrl: options.publicUrl,
    webhooks,
    onLog,
    signal: stopping.signal,
  });
  const page = createConsole();
  const server = openServer(async (request, platform) => page(request) ?? handler(request, platform));
  // Before anything is printed: who reads the address may ask it to end at once.
  const stopped = stopSignal();
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  console.log(`Stockfold serves ${nameOf(db)} on http://${host.includes(':') ? `[${host}]` : host}:${address.port}`);
  if (tokens === undefined) console.log(`No --tokens file was given. Access token of this run: ${entries[0]?.token}`);
  for (const ledger of ledgers.values()) webhooks?.follow(ledger);
  await stopped;
  // A stream would go on for as long as its client listens.
  stopping.abort();
  await close(server);
  await webhooks?.close();
  await store.close();
}

function logLine(event: LogEvent): void {
  console.log(JSON.stringify({ at: new Date().toISOString(), ...event }));
}

async function openWebhooks(
  { webhooks: file, webhookDestination: allow = [] }: ServeOptions,
  onLog: ((event: LogEvent) => void) | undefined,
): Promise<Webhooks | undefined> {
  if (file === undefined && allow.length === 0) return undefined;
  if (file === undefined || allow.length === 0)
    throw new CliError('--webhooks needs --webhook-destination, and the other way round.');
  const store = await openWebhookFile(file);
  try {
    return createWebhooks({ store, allow, send: sendWebhook, onLog });
  } catch (error) {
    throw new CliError(`--webhook-destination: ${(error as Error).message}.`);
  }
}

/** One ledger per organization that a token is for. The first entry that names its locations or floors counts. */
function openLedgers(store: LedgerStore, entries: readonly TokenEntry[]): ReadonlyMap<string, Ledger> {
  const ledgers = new Map<string, Ledger>();
  for (const { organizationUuid } of entries) {
    const organizationId = organizationUuid.toLowerCase();
    const own = entries.filter(entry => entry.organizationUuid.toLowerCase() === organizationId);
    const systemLocations = own.find(entry => entry.systemLocations !== undefined)?.systemLocations;
    const floors = own.find(entry => entry.floors !== undefined)?.floors;
    const policy = floors === undefined ? undefined : { floors };
    ledgers.set(organizationId, createLedger({ store, organizationId, systemLocations, policy }));
  }
  return ledgers;
}

/** Locations are given once: an organization that has others already would find nothing under the new ids. */
async function checkLocations(ledgers: ReadonlyMap<string, Ledger>): Promise<void> {
  for (const { organizationId, systemLocations, locations } of ledgers.values()) {
    const stored = (await locations()).unwrapOr([]).map(location => location.id);
    if (Object.values(systemLocations).some(id => !stored.includes(id)))
      throw new CliError(
        `--tokens: organization ${organizationId} has other system locations already: leave systemLocations out, or give those.`,
      );
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new CliError(`--host ${host} --port ${port}: cannot listen there (${error.code}). ${adviceOn(error.code)}`),
      ),
    );
    server.listen(port, host, resolve);
  });
}

function adviceOn(code: string | undefined): string {
  if (code === 'EADDRINUSE') return 'Another program does: end it, or give another --port; 0 takes a free one.';
  if (code === 'EACCES') return 'Ports below 1024 need more rights: give a higher --port.';
  return 'Give an address of this machine as --host: 127.0.0.1, or 0.0.0.0 for all of them.';
}

function stopSignal(): Promise<void> {
  return new Promise(resolve => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(grace);
      resolve();
    });
    server.closeIdleConnections();
  });
}
