import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createLedger, type Ledger, type MovementLineInput } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { shopOf } from './shop.ts';

// The reference: `node:http` alone, as one would write it for speed. It compares the token, counts the body, parses it,
// applies it to the same ledger on the same store, and answers with the same balances under the same headers; the ledger
// itself reads the ids and quantities. What it leaves out is what ours adds: routes, media type and encoding, UTF-8,
// depth and keys of the JSON, the place in the body of what is wrong, idempotency keys, telemetry.

const BODY_BYTES_MAX = 1024 * 1024;

const HEADERS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
} as const;

type Body = Readonly<{
  changes: readonly Readonly<{
    productUuid: string;
    variantUuid: string;
    fromLocationUuid: string;
    toLocationUuid: string;
    change: number;
  }>[];
}>;

/** By events: `for await` over the request makes promises that nobody needs, and would flatter ours. */
function read(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > BODY_BYTES_MAX) request.destroy(new Error('the body is too large'));
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
    request.on('error', reject);
  });
}

async function put(ledger: Ledger, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers.authorization !== 'Bearer bench') return void response.writeHead(401).end();
  const { changes } = JSON.parse(await read(request)) as Body;
  const lines = changes.map(
    (change): MovementLineInput => ({
      productId: change.productUuid,
      variantId: change.variantUuid,
      from: change.fromLocationUuid,
      to: change.toLocationUuid,
      quantity: change.change,
    }),
  );
  const receipt = (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines }))._unsafeUnwrap();
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
  response.writeHead(200, { ...HEADERS, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

const ledger = createLedger({ store: createMemoryStore() });
await shopOf(ledger);
const server = createServer((request, response) => {
  put(ledger, request, response).catch(() => response.writeHead(500).end());
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
