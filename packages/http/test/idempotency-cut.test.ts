import { once } from 'node:events';
import { type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { restock, startTracking } from '@stockfold/core';
import { expect, it } from 'vitest';
import { INVENTORY } from './bad-input.ts';
import { drawFate, startCuttingProxy } from './cutting-proxy.ts';
import { startLedgerServer } from './ledger-server.ts';
import { MUG } from './world.ts';

const SALES = 200;

/** Sends until a whole answer comes; every attempt on a connection of its own. */
async function insist(url: string, options: RequestOptions, body: string): Promise<{ text: string; attempts: number }> {
  for (let attempts = 1; ; attempts++) {
    const sent = request(url, { ...options, agent: false });
    sent.on('error', () => undefined);
    const answered = once(sent, 'response').then(([response]) => text(response));
    const closed = once(sent, 'close').then(() => null);
    sent.end(body);
    const heard = await Promise.race([answered, closed.then(() => answered.catch(() => null))]).catch(() => null);
    if (heard !== null) return { text: heard, attempts };
  }
}

it(`${SALES} sales over a line that is cut, each insisted on under its key, are sold once each`, async () => {
  const server = await startLedgerServer();
  const { ledger, token } = server.open();
  const { STORE, SOLD } = ledger.systemLocations;
  const tracking = [startTracking(MUG.productId)];
  await ledger.execute({
    kind: 'RecordMovements',
    id: ledger.newId(),
    tracking,
    lines: [restock('STORE', MUG, SALES)],
  });
  const proxy = await startCuttingProxy(server.url, drawFate(7));
  const change = {
    productUuid: MUG.productId,
    variantUuid: MUG.variantId,
    fromLocationUuid: STORE,
    toLocationUuid: SOLD,
  };
  const body = JSON.stringify({ changes: [{ ...change, change: 1 }] });
  let attempts = 0;
  for (let sale = 1; sale <= SALES; sale++) {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': body.length,
      'idempotency-key': `sale-${sale}`,
    };
    const sold = await insist(`${proxy.url}${INVENTORY}`, { method: 'PUT', headers }, body);
    expect(JSON.parse(sold.text)).toMatchObject({ variants: [{ balance: SALES - sale }] });
    attempts += sold.attempts;
  }
  const { requests, answers } = proxy.cuts();
  expect(Math.min(requests, answers)).toBeGreaterThan(SALES / 20);
  expect(attempts).toBeGreaterThan(SALES * 1.2);
  expect((await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap().onHand).toBe(0);
  expect((await ledger.journal({ limit: 1 }))._unsafeUnwrap().asOf).toBe(SALES + 1);
  await proxy.close();
  await server.close();
}, 60_000);
