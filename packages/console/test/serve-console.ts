import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createConsole } from '@stockfold/console';
import { createLedger, type Ledger, type LedgerStore } from '@stockfold/core';
import { createHttpHandler } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import { recordSampleWeek } from '../../cli/src/sample-week.ts';

/** The console with a ledger behind it, on a socket of its own. */
export type ServedConsole = Readonly<{
  origin: string;
  ledger: Ledger;
  /** What was asked of the ledger: of which kind, and how many items were answered. */
  asked: Asked[];
  close: () => Promise<void>;
}>;

type Asked = Readonly<{ kind: string; items: number }>;

/** What the server knows: a token that may read and write, and one that may only write. */
export const TOKEN = 'a-token-of-the-shop';
export const BLIND_TOKEN = 'a-token-that-may-not-look';

type ServeOptions = Readonly<{
  store?: LedgerStore;
  /** Begins with the sample week. */
  isStocked?: boolean;
  /** The one to come back on; any that is free when absent. */
  port?: number;
}>;

/** Serves the built console, as `stockfold serve` does. */
export async function serveConsole(options: ServeOptions = {}): Promise<ServedConsole> {
  const { store = createMemoryStore(), isStocked = false, port = 0 } = options;
  const ledger = createLedger({ store });
  if (isStocked) await recordSampleWeek(store, ledger.organizationId, Date.now());
  const scopes = new Map([
    [`Bearer ${TOKEN}`, ['READ:PRODUCT', 'WRITE:PRODUCT']],
    [`Bearer ${BLIND_TOKEN}`, ['WRITE:PRODUCT']],
  ]);
  const stopping = new AbortController();
  const api = createHttpHandler({
    ledgerFor: () => ledger,
    authenticate: request => {
      const found = scopes.get(request.headers.get('authorization') ?? '');
      return found === undefined ? null : { organizationId: ledger.organizationId, scopes: found };
    },
    signal: stopping.signal,
  });
  const page = createConsole();
  const asked: Asked[] = [];
  const server = createAdaptorServer({
    fetch: async request => {
      const answer = page(request);
      if (answer !== null) return answer;
      if (!request.url.endsWith('/ledger/queries')) return api(request);
      const { kind } = await request.clone().json();
      const response = await api(request);
      const { items = [] } = await response.clone().json();
      asked.push({ kind, items: items.length });
      return response;
    },
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ledger,
    asked,
    close: async () => {
      stopping.abort();
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
