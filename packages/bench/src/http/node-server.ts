import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createLedger, type Ledger, type MovementLineInput } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { shopOf } from './shop.ts';

// The reference: `node:http` alone, which parses the body and applies it to the same ledger on the same store, and
// answers with the same balances. It checks no token, no size, no media type and no field.

type Body = Readonly<{
  changes: readonly Readonly<{
    productUuid: string;
    variantUuid: string;
    fromLocationUuid: string;
    toLocationUuid: string;
    change: number;
  }>[];
}>;

async function put(ledger: Ledger, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { changes } = JSON.parse(Buffer.concat(chunks).toString()) as Body;
  const lines = changes.map(
    (change): MovementLineInput => ({
      productId: change.productUuid,
      variantId: change.variantUuid,
      from: change.fromLocationUuid,
      to: change.toLocationUuid,
      quantity: change.change,
    }),
  );
  const receipt = (await ledger.execute({ kind: 'RecordMovements', id: randomUUID(), lines }))._unsafeUnwrap();
  const page = await ledger.balances({
    locationId: 'STORE',
    variantIds: changes.map(change => change.variantUuid),
    asOf: receipt.sequence,
  });
  const variants = page._unsafeUnwrap().items.map(balance => ({
    locationUuid: balance.locationId,
    locationType: 'STORE',
    productUuid: balance.productId,
    variantUuid: balance.variantId,
    balance: balance.onHand,
  }));
  const body = JSON.stringify({ locationUuid: ledger.systemLocations.STORE, variants });
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

const ledger = createLedger({ store: createMemoryStore() });
await shopOf(ledger);
const server = createServer((request, response) => {
  put(ledger, request, response).catch(() => response.writeHead(500).end());
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
