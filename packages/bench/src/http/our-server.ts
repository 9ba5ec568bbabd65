import { createAdaptorServer } from '@hono/node-server';
import { createLedger } from '@stockfold/core';
import { createHttpHandler } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import { shopOf } from './shop.ts';

// Ours, as `stockfold serve` serves it: tokens, limits, validation and all.

const ledger = createLedger({ store: createMemoryStore() });
await shopOf(ledger);
const identity = { organizationId: ledger.organizationId, scopes: ['READ:PRODUCT', 'WRITE:PRODUCT'] };
const handler = createHttpHandler({
  ledgerFor: () => ledger,
  authenticate: request => (request.headers.get('authorization') === 'Bearer bench' ? identity : null),
});
const server = createAdaptorServer({ fetch: handler });
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
