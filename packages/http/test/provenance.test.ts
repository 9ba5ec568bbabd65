import { createMemoryWebhookStore, createWebhooks, type WebhookRequest } from '@stockfold/http';
import { describe, expect, it } from 'vitest';
import { handTimers } from './hand-timers.ts';
import { MUG, openStockedWorld, SOLD, STORE, saleOf, type World } from './world.ts';

const INVENTORY = '/organizations/self/inventory';
const MOVEMENTS = '/organizations/self/movements';
const CAUSE = '0e1de3c8-77aa-41ec-90d6-0242ac120003';

const ORDER = {
  source: 'webshop',
  externalId: '#1001',
  reason: 'Grüße 👋',
  causedBy: CAUSE,
  occurredAt: '2020-02-29T11:00:00.000Z',
};

const sell = ({ send }: World, provenance?: unknown, change = 1) =>
  send('PUT', INVENTORY, { changes: [saleOf(MUG, change)], provenance });

const sequencesOf = async ({ send }: World, query: string) => {
  const { body } = await send('GET', `${MOVEMENTS}?${query}`);
  return (body as { items: { sequence: number }[] }).items.map(({ sequence }) => sequence);
};

describe('where a request comes from', () => {
  it.each([
    ['PUT', INVENTORY, { changes: [saleOf(MUG, 1)] }],
    [
      'POST',
      '/organizations/self/v2/inventory/bulk',
      { productChanges: [{ productUuid: MUG.productId, variantChanges: [saleOf(MUG, 1)] }] },
    ],
    [
      'POST',
      '/v3/movements',
      { movements: [{ productUuid: MUG.productId, variantUuid: MUG.variantId, from: STORE, to: SOLD, change: 1 }] },
    ],
  ])('is kept with %s %s, and shown in the journal', async (method, path, body) => {
    const world = await openStockedWorld();
    const given = { ...ORDER, causedBy: CAUSE.toUpperCase(), occurredAt: '2020-02-29T12:00:00+01:00' };
    expect((await world.send(method, path, { ...body, provenance: given })).status).toBeLessThan(300);
    const { body: page } = await world.send('GET', `${MOVEMENTS}?after=1`);
    expect(page).toMatchObject({ items: [{ provenance: ORDER }] });
  });

  it('is absent where nobody says', async () => {
    const world = await openStockedWorld();
    await sell(world, null);
    await sell(world, {});
    const { body } = await world.send('GET', `${MOVEMENTS}?after=1`);
    for (const item of (body as { items: object[] }).items) expect(item).not.toHaveProperty('provenance');
  });

  it.each([
    ['a text', 'webshop', 'provenance', 'INVALID_TYPE'],
    ['a source that is a number', { source: 7 }, 'provenance.source', 'INVALID_TYPE'],
    ['an empty source', { source: '' }, 'provenance.source', 'INVALID_PROVENANCE'],
    ['a source that is too long', { source: 's'.repeat(65) }, 'provenance.source', 'INVALID_PROVENANCE'],
    ['a reason of two lines', { reason: 'a\nb' }, 'provenance.reason', 'ProvenanceInvalid'],
    ['a cause that is no id', { causedBy: '#1001' }, 'provenance.causedBy', 'INVALID_UUID'],
    ['a time that is a number', { occurredAt: 0 }, 'provenance.occurredAt', 'INVALID_TYPE'],
    ['a time without a zone', { occurredAt: '2020-02-29T11:00:00' }, 'provenance.occurredAt', 'INVALID_TIME'],
    ['a day that is none', { occurredAt: '2021-02-29T11:00:00Z' }, 'provenance.occurredAt', 'INVALID_TIME'],
    ['an hour that is none', { occurredAt: '2020-02-29T25:00:00Z' }, 'provenance.occurredAt', 'INVALID_TIME'],
    ['a month that is none', { occurredAt: '2020-13-29T11:00:00Z' }, 'provenance.occurredAt', 'INVALID_TIME'],
  ])('is refused, and nothing is changed: %s', async (_, bad, propertyName, constraintType) => {
    const world = await openStockedWorld();
    const before = await world.state();
    const { status, body } = await sell(world, bad);
    expect([status, body]).toMatchObject([400, { violations: [{ propertyName, constraintType }] }]);
    expect(await world.state()).toBe(before);
  });

  it('is refused when it is to have occurred tomorrow', async () => {
    const world = await openStockedWorld(undefined, { clock: () => Date.parse('2026-03-02T10:00:00Z') });
    expect(await sell(world, { occurredAt: '2026-03-03T10:00:00Z' })).toMatchObject({
      status: 422,
      body: { errorType: 'OCCURS_LATER', violations: [{ propertyName: 'provenance.occurredAt' }] },
    });
    expect((await sell(world, { occurredAt: '2026-03-02T10:05:00Z' })).status).toBe(200);
  });

  it('makes another request of one under the same key', async () => {
    const world = await openStockedWorld();
    const send = (source: string) =>
      world.send('PUT', INVENTORY, { changes: [saleOf(MUG, 1)], provenance: { source } }, { 'idempotency-key': 'k1' });
    expect((await send('till')).status).toBe(200);
    expect((await send('till')).headers.get('idempotency-replayed')).toBe('true');
    expect(await send('webshop')).toMatchObject({
      status: 422,
      body: { errorType: 'IDEMPOTENCY_KEY_REUSED', violations: [{ propertyName: 'provenance.source' }] },
    });
  });
});

describe('a feed without a source', () => {
  async function threeSales() {
    const world = await openStockedWorld();
    for (const source of ['till', 'webshop', 'till']) await sell(world, { source });
    return world;
  }

  it('is a page of the journal', async () => {
    const world = await threeSales();
    expect(await sequencesOf(world, 'exceptSource=till')).toEqual([1, 3]);
    expect(await sequencesOf(world, 'exceptSource=webshop&after=1')).toEqual([2, 4]);
    const { status, body } = await world.send('GET', `${MOVEMENTS}?exceptSource=`);
    expect([status, body]).toMatchObject([400, { violations: [{ propertyName: 'exceptSource' }] }]);
  });

  it('is a stream', async () => {
    const world = await threeSales();
    const open = (query: string) =>
      world.handler(
        new Request(`http://stock.test${MOVEMENTS}/stream?${query}`, { headers: { authorization: 'Bearer reader' } }),
      );
    const reader = (await open('after=1&exceptSource=till')).body
      ?.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
      .getReader();
    const next = async () => /^id: (\d+)$/m.exec((await reader?.read())?.value ?? '')?.[1];
    expect(await next()).toBe('3');
    const piece = next();
    await sell(world, { source: 'till' });
    await sell(world, { source: 'webshop' });
    expect(await piece).toBe('6');
    await reader?.cancel();
    expect((await open('exceptSource=')).status).toBe(400);
  });

  it('is a subscription, which looks at no record twice', async () => {
    const sent: WebhookRequest[] = [];
    const hand = handTimers();
    const store = createMemoryWebhookStore();
    const webhooks = createWebhooks({
      store,
      allow: ['https://hooks.shop.example'],
      send: async request => {
        sent.push(request);
        return 200;
      },
      setTimer: hand.setTimer,
      clock: hand.clock,
    });
    const world = await openStockedWorld(undefined, {}, { webhooks });
    const path = '/organizations/self/subscriptions';
    const subscription = {
      uuid: CAUSE,
      transportName: 'WEBHOOK',
      eventNames: [],
      destination: 'https://hooks.shop.example/stock',
      contactEmail: 'till@shop.example',
    };
    expect((await world.send('POST', path, { ...subscription, exceptSource: 'a\nb' })).status).toBe(400);
    await world.send('POST', path, { ...subscription, exceptSource: 'till' });
    const told = async () => {
      await webhooks.dispatch(world.ledger);
      return sent.splice(0).filter(({ body }) => body.includes('InventoryBalanceChanged')).length;
    };
    const progress = async () => (await store.list(world.ledger.organizationId))._unsafeUnwrap()[0]?.progress;
    for (const source of ['till', 'webshop', 'till']) await sell(world, { source });
    expect(await told()).toBe(1);
    expect(await progress()).toEqual({ after: 4, delivered: 0, failures: 0, retryAt: 0 });
    expect((await world.send('GET', path)).body).toMatchObject([{ exceptSource: 'till' }]);
    await world.send('PUT', `${path}/${CAUSE}`, { contactEmail: 'shop@shop.example' });
    expect((await world.send('GET', path)).body).toMatchObject([{ exceptSource: 'till' }]);
    await world.send('PUT', `${path}/${CAUSE}`, { exceptSource: null });
    expect((await world.send('GET', path)).body).not.toHaveProperty('[0].exceptSource');
    await sell(world, { source: 'till' });
    expect(await told()).toBe(1);
    await webhooks.close();
  });
});
