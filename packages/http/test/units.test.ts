import { fromUnits, restock, startTracking } from '@stockfold/core';
import { createHttpLedger, type HttpHandlerOptions, LOW_STOCK_EVENT } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import { describeLedger } from '@stockfold/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOOK, openHooked, settle, subscribe } from './hooked-world.ts';
import { type LedgerServer, startLedgerServer } from './ledger-server.ts';
import { LOCATIONS, MUG, openWorld, type Sent, SOLD, STORE, saleOf, type World } from './world.ts';

const SELF = '/organizations/self';
const INVENTORY = `${SELF}/inventory`;
const HOLD = 'ad000001-77aa-11ec-90d6-0242ac120003';
const NOON = Date.parse('2026-11-27T12:00:00.000Z');
const SHELF = `locationUuid=${STORE}&variantUuid=${MUG.variantId}`;
const OF_MUGS = `${SELF}/history/locations/${STORE}/variants/${MUG.variantId}`;
const LOW = `/custom-low-stock/locations/${STORE}`;
const READ_LOW = `/custom-low-stock/v2/locations/${STORE}`;

/** Writes smallest units as a client of the world would. */
type Write = (units: number) => number | string;
type Request = readonly [method: string, path: string, body?: (of: Write) => object];

const mug = { productUuid: MUG.productId, variantUuid: MUG.variantId };
const bought = (change: number | string) => ({
  ...saleOf(MUG, change),
  fromLocationUuid: LOCATIONS.SUPPLIER,
  toLocationUuid: STORE,
});
const v3 = (change: number | string) => ({ ...mug, from: STORE, to: SOLD, change });
const bulk = (change: number | string) => ({ productChanges: [{ ...mug, variantChanges: [saleOf(MUG, change)] }] });
const held = (quantity: number | string) => ({ holdUuid: HOLD, locationUuid: STORE, ...mug, quantity });
const rule = (lowStockLevel: number | string) => ({ ...mug, lowStockLevel, lowStockAlert: true });

/** What takes amounts, each request with one place for it. */
const WRITES: Readonly<Record<string, readonly [place: string, ...Request]>> = {
  movements: ['changes[0].change', 'PUT', INVENTORY, of => ({ changes: [bought(of(1_500))] })],
  'movements in bulk': [
    'productChanges[0].variantChanges[0].change',
    'POST',
    `${SELF}/v2/inventory/bulk`,
    of => bulk(of(250)),
  ],
  'movements of v3': ['movements[0].change', 'POST', '/v3/movements', of => ({ movements: [v3(of(5))] })],
  'late movements': [
    'movements[0].change',
    'POST',
    `${SELF}/late-movements`,
    of => ({ occurredAt: NOON - 5, movements: [v3(of(7))] }),
  ],
  'a preview': ['changes[0].change', 'POST', `${SELF}/movements/preview`, of => ({ changes: [saleOf(MUG, of(5))] })],
  'a preview of what is short': [
    'changes[0].change',
    'POST',
    `${SELF}/movements/preview`,
    of => ({ changes: [saleOf(MUG, of(999_001))] }),
  ],
  'what is short': ['changes[0].change', 'PUT', INVENTORY, of => ({ changes: [saleOf(MUG, of(999_001))] })],
  'a hold': ['holds[0].quantity', 'POST', `${SELF}/holds`, of => ({ owner: 'order 1', holds: [held(of(99))] })],
  'a part of a hold that is posted': ['quantity', 'POST', `${SELF}/holds/${HOLD}/post`, of => ({ quantity: of(33) })],
  'a part of a hold that is released': [
    'quantity',
    'POST',
    `${SELF}/holds/${HOLD}/release`,
    of => ({ quantity: of(11) }),
  ],
  'a count': [
    'counted',
    'POST',
    `${SELF}/counts`,
    of => ({ locationUuid: STORE, ...mug, counted: of(1_201), observedAt: NOON }),
  ],
  'a low-stock level': ['lowStockLevel', 'PUT', LOW, of => rule(of(1_001))],
  'low-stock levels': ['requests[0].lowStockLevel', 'POST', LOW, of => ({ requests: [rule(of(1_002))] })],
  'low-stock levels of v3': [
    '[0].lowStockLevel',
    'POST',
    '/v3/custom-low-stock',
    of => [{ ...rule(of(1_003)), inventoryUuid: STORE }],
  ],
};

const READS: readonly Request[] = [
  ['GET', '/inventory'],
  ['GET', INVENTORY],
  ['GET', `${INVENTORY}?asOf=3`],
  ['GET', `${INVENTORY}/locations?type=sold`],
  ['GET', `${INVENTORY}/locations/${STORE}`],
  ['GET', `${INVENTORY}/locations/${STORE}/products/${MUG.productId}`],
  ['POST', `${INVENTORY}/products`, () => ({ locationType: 'STORE' })],
  ['POST', INVENTORY, () => ({ productUuid: MUG.productId })],
  ['GET', '/v3/stock'],
  ['GET', `/v3/stock/${STORE}/products/${MUG.productId}`],
  ['GET', `${SELF}/movements`],
  ['GET', `${SELF}/history/locations/${STORE}`],
  ['GET', OF_MUGS],
  ['GET', `${OF_MUGS}/explanation`],
  ['GET', `${SELF}/diff?from=2`],
  ['GET', `${SELF}/holds`],
  ['GET', `${SELF}/availability?${SHELF}`],
  ['GET', `${SELF}/counts`],
  ['GET', `${SELF}/effective-balances/${STORE}/${MUG.variantId}`],
  ['GET', READ_LOW],
  ['GET', `${READ_LOW}/products/${MUG.productId}`],
  ['GET', `${SELF}/policy`],
];

type Shop = World & Readonly<{ ask: (request: Request) => Promise<Sent> }>;

/** A shop in which ids and times are the same each time; with a scale, its client writes kilograms. */
async function openShop(scale: 0 | 3, options: Pick<HttpHandlerOptions, 'balances'> = {}): Promise<Shop> {
  let made = 0;
  const newId = () => `d0000000-0000-4000-8000-${String(++made).padStart(12, '0')}`;
  const world = openWorld(createMemoryStore(), { newId, clock: () => NOON, ...options });
  const write: Write = units =>
    scale === 0 || units % 2 === 0 ? fromUnits(units, scale) : String(fromUnits(units, scale));
  const ask: Shop['ask'] = ([method, path, body]) => world.send(method, path, body?.(write));
  const policy = (of: Write) => ({ floors: { STORE: of(2) }, holds: true, scale });
  expect((await ask(['PUT', `${SELF}/policy`, policy])).status).toBe(200);
  expect((await ask(['POST', INVENTORY, () => ({ productUuid: MUG.productId })])).status).toBe(200);
  return { ...world, ask };
}

/** The shop with all of {@link WRITES} done. */
async function openBusyShop(...args: Parameters<typeof openShop>): Promise<Shop> {
  const shop = await openShop(...args);
  for (const [, ...request] of Object.values(WRITES)) await shop.ask(request);
  return shop;
}

const NO_AMOUNTS = new Set(['sequence', 'asOf', 'latest', 'ageMs', 'recordedAt', 'observedAt', 'scale']);

/** An answer in smallest units as one in kilograms: every number is an amount unless it is named above. */
function inKilograms(body: unknown, name = ''): unknown {
  if (typeof body === 'number') return NO_AMOUNTS.has(name) ? body : body / 1_000;
  if (typeof body === 'string') return /^-?\d+\.0$/.test(body) ? (Number(body) / 1_000).toFixed(3) : body;
  if (Array.isArray(body)) return body.map(item => inKilograms(item, name));
  if (typeof body !== 'object' || body === null) return body;
  const isDiff = 'differences' in body;
  const fields = Object.entries(body).map(([field, value]) => {
    const isSequence = isDiff && typeof value === 'number';
    return [field, isSequence ? value : inKilograms(value, field)];
  });
  return Object.fromEntries('holds' in body && 'floors' in body ? [...fields, ['scale', 3]] : fields);
}

describe('with a scale of 3', () => {
  it.each(Object.entries(WRITES))('%s: comes in and goes out in kilograms', async name => {
    const [pieces, kilograms] = [await openShop(0), await openShop(3)];
    for (const [of, [, ...request]] of Object.entries(WRITES)) {
      const [inUnits, written] = [await pieces.ask(request), await kilograms.ask(request)];
      expect([written.status, written.body]).toEqual([inUnits.status, inKilograms(inUnits.body)]);
      if (of === name) break;
    }
    expect((await kilograms.ledger.balances())._unsafeUnwrap()).toEqual(
      (await pieces.ledger.balances())._unsafeUnwrap(),
    );
    expect((await kilograms.ledger.lowStock())._unsafeUnwrap()).toEqual(
      (await pieces.ledger.lowStock())._unsafeUnwrap(),
    );
    expect((await kilograms.ledger.verify())._unsafeUnwrap().ok).toBe(true);
  });

  it.each(Object.entries(WRITES))(
    '%s: is refused where a digit is too many, and nothing has changed',
    async (_, [place, method, path, body]) => {
      const { send, state } = await openBusyShop(3);
      const before = await state();
      const refused = async (amount: number | string) => {
        const { status, body: answer } = await send(
          method,
          path,
          body?.(() => amount),
        );
        expect(await state()).toBe(before);
        const { violations } = answer as { violations: { propertyName: string; constraintType: string }[] };
        return [status, violations.map(({ propertyName, constraintType }) => `${propertyName} ${constraintType}`)];
      };
      expect(await refused('0.1234')).toEqual([400, [`${place} TOO_MANY_DECIMALS`]]);
      expect(await refused(0.1 + 0.2)).toEqual([400, [`${place} TOO_MANY_DECIMALS`]]);
      expect(await refused(1e15)).toEqual([400, [`${place} TOO_MANY_DIGITS`]]);
      expect(await refused('9007199254740.992')).toEqual([400, [`${place} TOO_MANY_DIGITS`]]);
      expect(await refused('1000000.001')).toEqual([400, [expect.stringMatching(/INVALID_(QUANTITY|LEVEL)$/)]]);
      expect((await refused('1e3'))[0]).toBe(400);
    },
  );

  it.each(READS.map(request => [`${request[0]} ${request[1]}`, request] as const))(
    '%s is answered in kilograms',
    async (_, request) => {
      const [pieces, kilograms] = [await openBusyShop(0), await openBusyShop(3)];
      const inUnits = await pieces.ask(request);
      expect(inUnits.status).toBe(200);
      // It would say nothing of an answer without an amount.
      expect(JSON.stringify(inKilograms(inUnits.body))).not.toBe(JSON.stringify(inUnits.body));
      expect((await kilograms.ask(request)).body).toEqual(inKilograms(inUnits.body));
    },
  );

  it('a movement that is taken back says so in kilograms', async () => {
    const { send, ledger } = await openBusyShop(3);
    const restocked = (await ledger.journal())
      ._unsafeUnwrap()
      .items.find(({ events }) => events.some(({ kind }) => kind === 'MovementsRecorded'));
    const path = `${SELF}/movements/${restocked?.commandId}/reversal`;
    expect(await send('POST', path, { force: { reason: 'spoilt' } })).toMatchObject({
      status: 200,
      body: { movements: [{ change: 1.5 }] },
    });
  });

  it('text stays text, with all decimals', async () => {
    const { send } = await openBusyShop(3, { balances: 'string' });
    expect((await send('GET', INVENTORY)).body).toMatchObject({ variants: [{ balance: '1.201' }] });
    expect((await send('PUT', INVENTORY, { changes: [saleOf(MUG, '0.001')] })).body).toMatchObject({
      variants: [{ balance: '1.200' }],
    });
  });

  it('is done once under a key, and answered alike', async () => {
    const { send } = await openBusyShop(3);
    const sell = () => send('PUT', INVENTORY, { changes: [saleOf(MUG, 0.1)] }, { 'idempotency-key': 'sale-1' });
    const first = await sell();
    expect(first.body).toMatchObject({ variants: [{ balance: 1.101 }] });
    expect((await sell()).body).toEqual(first.body);
  });

  it('names a hundred amounts that have a digit too many, and no more', async () => {
    const { send } = await openBusyShop(3);
    const changes = Array.from({ length: 150 }, () => saleOf(MUG, '0.0001'));
    const { body } = await send('PUT', INVENTORY, { changes });
    const developerMessage = 'This has more decimals than the scale of the organization, which is 3.';
    expect(body).toMatchObject({ errorType: 'TOO_MANY_DECIMALS', developerMessage });
    expect((body as { violations: object[] }).violations).toHaveLength(100);
  });

  it('a policy names it each time, and no other one', async () => {
    const { send, state } = await openShop(3);
    const before = await state();
    for (const policy of [{ floors: { STORE: 1 } }, { scale: 2 }, { scale: 7 }, { scale: '3' }]) {
      const { status, body } = await send('PUT', `${SELF}/policy`, policy);
      expect([status, body]).toMatchObject([
        400,
        { violations: [{ propertyName: 'scale', constraintType: 'ScaleInvalid' }] },
      ]);
    }
    expect(await send('PUT', `${SELF}/policy`, { scale: 3, floors: { STORE: '0.0001' } })).toMatchObject({
      body: { violations: [{ propertyName: 'floors.STORE', constraintType: 'TOO_MANY_DECIMALS' }] },
    });
    expect(await state()).toBe(before);
  });

  it('is that with which a handle begins the organization, too', async () => {
    const { send, ledger } = openWorld(undefined, { policy: { scale: 3 } });
    await send('POST', INVENTORY, { productUuid: MUG.productId });
    const { body } = await send('PUT', INVENTORY, { changes: [bought('0.125')] });
    expect(body).toMatchObject({ variants: [{ balance: 0.125 }] });
    const { onHand } = (await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap();
    expect(onHand).toBe(125);
  });

  it('the stream tells of kilograms', async () => {
    const { handler } = await openBusyShop(3);
    const headers = { authorization: 'Bearer writer', accept: 'text/event-stream' };
    const { body } = await handler(new Request(`http://stock.test${SELF}/movements/stream?after=2`, { headers }));
    const reader = body?.getReader();
    const text = new TextDecoder().decode((await reader?.read())?.value);
    expect(text).toMatch(/^id: 3\n.*"change":1\.5}/s);
    await reader?.cancel();
  });

  it('messages tell of kilograms, as text with all decimals', async () => {
    const world = await openHooked(undefined, undefined, { policy: { scale: 3 } });
    await subscribe(world, { destination: HOOK, eventNames: ['InventoryBalanceChanged', LOW_STOCK_EVENT] });
    await world.send('PUT', LOW, rule('0.2'));
    await world.send('PUT', INVENTORY, { changes: [saleOf(MUG, 0.05)] });
    await settle(world);
    const [changed, crossed] = world.sent.slice(1).map(({ message }) => JSON.parse(message.payload));
    expect(changed).toMatchObject({ balanceBefore: [{ balance: '0.238' }], balanceAfter: [{ balance: '0.188' }] });
    expect(crossed).toMatchObject({ level: '0.200', balanceBefore: '0.238', balanceAfter: '0.188' });
  });
});

describe('a ledger over HTTP counts smallest units where the server has a scale', () => {
  let server: LedgerServer;
  beforeAll(async () => {
    // The server takes every organization for one of kilograms.
    server = await startLedgerServer({}, ledger => ({
      ...ledger,
      policy: () => ledger.policy().map(policy => ({ ...policy, scale: 3 })),
    }));
  });
  afterAll(() => server.close());

  describeLedger('in kilograms', {
    open: async options => {
      const { ledger, token } = server.open(options);
      const remote = (await createHttpLedger({ url: server.url, token, clock: options.clock }))._unsafeUnwrap();
      const policy = () => remote.policy().map(({ scale: _, ...rest }) => rest);
      return { ...remote, policy, close: () => remote.close().andThen(() => ledger.close()) };
    },
    runner: { describe, it },
    numRuns: 5,
  });

  it('and its other clients read kilograms', async () => {
    const { ledger, token } = server.open();
    const lines = [restock('STORE', MUG, 1_250)];
    await ledger.execute({
      kind: 'RecordMovements',
      id: ledger.newId(),
      tracking: [startTracking(MUG.productId)],
      lines,
    });
    const answer = await fetch(`${server.url}/inventory`, { headers: { authorization: `Bearer ${token}` } });
    expect(await answer.json()).toMatchObject({ variants: [{ balance: 1.25 }] });
  });
});
