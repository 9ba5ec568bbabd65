import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createLedger, type Ledger, type LedgerOptions } from '@stockfold/core';
import { createHttpHandler, type HttpHandlerOptions } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';

const SCOPES = ['READ:PRODUCT', 'WRITE:PRODUCT'];

/** A server on a socket of its own, of as many ledgers as tests open; each has a token. */
export type LedgerServer = Readonly<{
  url: string;
  /** Opens a ledger on a new store, and gives it with its token. */
  open: (options?: Partial<LedgerOptions>) => Readonly<{ ledger: Ledger; token: string }>;
  close: () => Promise<void>;
}>;

/** @param served - Makes of each ledger what is served of it. */
export async function startLedgerServer(
  handling: Partial<HttpHandlerOptions> = {},
  served: (ledger: Ledger) => Ledger = ledger => ledger,
): Promise<LedgerServer> {
  const ledgers = new Map<string, Ledger>();
  const tokenOf = (request: Request) => request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
  // Tests open many ledgers of one organization, so the token names the ledger.
  const handler = (request: Request) =>
    createHttpHandler({
      authenticate: () => {
        const ledger = ledgers.get(tokenOf(request));
        return ledger === undefined ? null : { organizationId: ledger.organizationId, scopes: SCOPES };
      },
      ledgerFor: () => ledgers.get(tokenOf(request)) as Ledger,
      ...handling,
    })(request);
  const server = createAdaptorServer({ fetch: handler });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: options => {
      const ledger = createLedger({ store: createMemoryStore(), ...options });
      const token = `token-${ledgers.size}`;
      ledgers.set(token, served(ledger));
      return { ledger, token };
    },
    close: async () => {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
