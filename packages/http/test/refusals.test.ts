import { storeFault } from '@stockfold/core';
import { createHttpHandler } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { ENVELOPES } from './bad-envelopes.ts';
import { BULK, INVENTORY, mug, ROWS, UNKNOWN } from './bad-input.ts';
import { handTimers } from './hand-timers.ts';
import { BOWL, MUG, openStockedWorld, openWorld, SOLD, saleOf } from './world.ts';

describe('a refused request changes nothing and says what is wrong', () => {
  it.each([...ROWS, ...ENVELOPES].map(row => [row[0], row] as const))('%s', async (_, row) => {
    const [, method, path, body, status, errorType, propertyName, headers] = row;
    const { send, state } = await openStockedWorld();
    const before = await state();
    const sent = await send(method, path, body, headers);
    expect(sent).toMatchObject({ status, body: { errorType, developerMessage: expect.any(String) } });
    const { violations } = sent.body as { violations: { propertyName: string; constraintType: string }[] };
    expect(violations[0]?.propertyName).toBe(propertyName);
    expect(await state()).toBe(before);
  });

  it('lists every field that is wrong, in the order of the request', async () => {
    const { send } = await openStockedWorld();
    const changes = [saleOf(MUG, 0), saleOf(BOWL, 1), { ...saleOf(BOWL, 'x'), variantUuid: 7 }];
    const sent = await send('PUT', INVENTORY, { changes });
    expect(sent.body).toMatchObject({
      errorType: 'INVALID_QUANTITY',
      violations: [
        { propertyName: 'changes[0].change', constraintType: 'INVALID_QUANTITY' },
        { propertyName: 'changes[2].variantUuid', constraintType: 'INVALID_TYPE' },
        { propertyName: 'changes[2].change', constraintType: 'INVALID_QUANTITY' },
      ],
    });
  });

  it('names the lines that take more than the floor allows', async () => {
    const { send, state } = await openStockedWorld(undefined, { policy: { floors: { STORE: 0 } } });
    const before = await state();
    const sent = await send('PUT', INVENTORY, { changes: [saleOf(BOWL, 1), saleOf(MUG, 200), saleOf(MUG, 39)] });
    expect(sent).toMatchObject({ status: 422, body: { errorType: 'INSUFFICIENT_STOCK' } });
    const { violations } = sent.body as { violations: { propertyName: string }[] };
    expect(violations.map(violation => violation.propertyName)).toEqual(['changes[1].change', 'changes[2].change']);
    expect(await state()).toBe(before);
  });
});

it('a balance that would leave the safe integers is refused, and nothing has changed', async () => {
  const store = createMemoryStore();
  const { send, ledger, state } = await openStockedWorld(store);
  const key = { variantId: MUG.variantId, locationId: SOLD } as never;
  const far = Number.MAX_SAFE_INTEGER;
  const lines = [{ ...MUG, from: UNKNOWN, to: SOLD, quantity: far }];
  // No request could ever come so far: it is written past the ledger.
  await store.commit({
    organizationId: ledger.organizationId,
    configVersion: 1,
    at: 0,
    records: [
      { commandId: ledger.newId(), externalUuid: null, events: [{ kind: 'MovementsRecorded', lines }] as never },
    ],
    balances: [{ key, productId: MUG.productId as never, delta: far }],
    postings: [{ record: 0, balance: 0, delta: far, running: far }],
    config: [],
    assumed: [],
    observe: [],
  });
  const before = await state();
  const sent = await send('PUT', INVENTORY, { changes: [saleOf(BOWL, 1), saleOf(MUG, 1)] });
  expect(sent).toMatchObject({ status: 422, body: { errorType: 'BALANCE_OVERFLOW' } });
  expect(sent.body).toMatchObject({ violations: [{ propertyName: 'changes[1].change' }] });
  expect(await state()).toBe(before);
});

describe('who may do what', () => {
  const change = { changes: [mug] };

  it.each([
    ['no token', { authorization: '' }, 401, 'UNAUTHORIZED'],
    ['an unknown token', { authorization: 'Bearer nobody' }, 401, 'UNAUTHORIZED'],
    ['a token named like a property of every object', { authorization: 'Bearer __proto__' }, 401, 'UNAUTHORIZED'],
    ['a token without the scope', { authorization: 'Bearer reader' }, 403, 'INSUFFICIENT_SCOPE'],
  ])('refuses %s', async (_, headers, status, errorType) => {
    const { send, state } = await openStockedWorld();
    const before = await state();
    const sent = await send('PUT', INVENTORY, change, headers);
    expect(sent).toMatchObject({ status, body: { errorType, violations: [] } });
    expect(sent.headers.get('www-authenticate')).toEqual(status === 401 ? expect.stringMatching(/^Bearer/) : null);
    expect(await state()).toBe(before);
  });

  it('lets a reader read', async () => {
    const { send } = openWorld();
    const sent = await send('GET', '/organizations/self/locations', undefined, { authorization: 'Bearer reader' });
    expect(sent.status).toBe(200);
  });

  it("answers another organization's location exactly as one that does not exist", async () => {
    const { send, state } = await openStockedWorld();
    const asOther = { authorization: 'Bearer other' };
    await send('POST', INVENTORY, { productUuid: MUG.productId }, asOther);
    const locations = await send('GET', '/organizations/self/locations', undefined, asOther);
    const [store, supplier] = (locations.body as { uuid: string }[]).map(location => location.uuid);
    const moveTo = (toLocationUuid: string) =>
      send('PUT', INVENTORY, { changes: [{ ...mug, fromLocationUuid: supplier, toLocationUuid }] }, asOther);
    expect((await moveTo(store ?? '')).status).toBe(200);
    const foreign = await moveTo(SOLD);
    expect(foreign.status).toBe(404);
    expect(foreign).toEqual(await moveTo(UNKNOWN));
    const before = await state();
    const returning = (returnBalanceForLocationUuid = '') =>
      send('PUT', INVENTORY, { changes: [mug], returnBalanceForLocationUuid });
    const returned = await returning(store);
    expect(returned.status).toBe(404);
    expect(returned).toEqual(await returning(UNKNOWN));
    expect(await state()).toBe(before);
  });

  it.each([
    ['is broken', () => Promise.reject(new Error('the token service is down')), /is down/],
    ['does not answer', () => new Promise<never>(() => undefined), /has not answered/],
  ])('serves nobody while authentication itself %s, and tells the host', async (what, authenticate, message) => {
    const { ledger, state } = await openStockedWorld();
    const before = await state();
    const errors: unknown[] = [];
    const { setTimer, runOut, timers } = handTimers();
    const handler = createHttpHandler({
      ledgerFor: () => ledger,
      authenticate,
      onError: error => errors.push(error),
      setTimer,
    });
    const headers = { authorization: 'Bearer writer', 'content-type': 'application/json' };
    const body = JSON.stringify({ changes: [mug] });
    const asked = handler(new Request(`http://stock.test${INVENTORY}`, { method: 'PUT', headers, body }));
    if (what === 'does not answer') await runOut(10_000);
    const response = await asked;
    expect(timers.size).toBe(0);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ errorType: 'AUTHENTICATION_UNAVAILABLE' });
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })]);
    expect(await state()).toBe(before);
  });
});

describe('a body that is all wrong', () => {
  it('is refused for its length alone, and not for every item in it', async () => {
    const { send } = await openStockedWorld();
    const bodies = [
      ['PUT', INVENTORY, { changes: Array(300_000).fill({}) }],
      ['POST', BULK, { productChanges: [{ productUuid: MUG.productId, variantChanges: Array(300_000).fill(0) }] }],
    ] as const;
    for (const [method, path, body] of bodies) {
      const sent = await send(method, path, body);
      expect(sent).toMatchObject({ status: 400, body: { errorType: 'TOO_MANY_CHANGES' } });
      expect((sent.body as { violations: unknown[] }).violations).toHaveLength(1);
    }
  });

  it('is answered with 100 violations at most', async () => {
    const { send } = await openStockedWorld();
    const sent = await send('PUT', INVENTORY, { changes: Array(1_000).fill({}) });
    expect((sent.body as { violations: unknown[] }).violations).toHaveLength(100);
  });
});

describe('what a host gives', () => {
  it.each([
    ['no identity', undefined, 401],
    ['true', true, 503],
    ['an empty identity', {}, 503],
    ['an organization that is no UUID', { organizationId: 'shop', scopes: ['WRITE:PRODUCT'] }, 503],
    ['scopes in a string', { organizationId: MUG.productId, scopes: 'WRITE:PRODUCT' }, 503],
  ])('%s lets nobody in', async (_, identity, status) => {
    const errors: unknown[] = [];
    const handler = createHttpHandler({
      ledgerFor: () => expect.unreachable('nobody has a ledger'),
      authenticate: () => identity as never,
      onError: error => errors.push(error),
    });
    const response = await handler(new Request('http://stock.test/organizations/self/locations'));
    expect(response.status).toBe(status);
    expect(errors).toHaveLength(status === 503 ? 1 : 0);
  });

  it('something thrown that is no error is a 500, and the host is told', async () => {
    const errors: unknown[] = [];
    const handler = createHttpHandler({
      ledgerFor: () => Promise.reject('no ledger today'),
      authenticate: () => ({ organizationId: MUG.productId, scopes: ['READ:PRODUCT'] }),
      onError: error => errors.push(error),
    });
    const response = await handler(new Request('http://stock.test/organizations/self/locations'));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('today');
    expect(errors).toEqual(['no ledger today']);
  });
});

describe('a store that cannot be read once the stock has moved', () => {
  const unreadable = () => {
    const store = createMemoryStore();
    return { ...store, balances: () => errAsync(storeFault('StoreUnavailable', 'the disk is gone')) };
  };

  it.each([
    ['PUT', INVENTORY, { changes: [mug] }],
    ['POST', INVENTORY, { productUuid: MUG.productId }],
  ])('is told apart from one that moved nothing: %s %s', async (method, path, body) => {
    const { send, ledger } = await openStockedWorld(unreadable());
    const sent = await send(method, path, body);
    expect(sent).toMatchObject({ status: 500, body: { errorType: 'BALANCES_UNREADABLE' } });
    expect(sent.headers.get('retry-after')).toBeNull();
    expect((await ledger.journal())._unsafeUnwrap().items).toHaveLength(2);
  });
});

describe('the envelope', () => {
  it('takes a charset of UTF-8 in any case', async () => {
    const { send } = await openStockedWorld();
    const sent = await send(
      'PUT',
      INVENTORY,
      { changes: [mug] },
      { 'content-type': 'application/json; charset=UTF-8' },
    );
    expect(sent.status).toBe(200);
  });

  it.each(['1.0', '1e0', '10E-1', '"1"', '"001"'])('takes a change that is 1 and written as %s', async written => {
    const { send } = await openStockedWorld();
    const sent = await send('PUT', INVENTORY, JSON.stringify({ changes: [mug] }).replace(':1}', `:${written}}`));
    expect(sent).toMatchObject({ status: 200, body: { variants: [{ balance: 237 }] } });
  });

  it.each([['*/*'], ['application/json'], ['text/html, application/*;q=0.5']])(
    'answers a client that takes %s',
    async accept => {
      const { send } = openWorld();
      expect((await send('GET', '/inventory', undefined, { accept })).status).toBe(200);
    },
  );

  it('says which methods a path has', async () => {
    const { send } = openWorld();
    expect((await send('DELETE', INVENTORY)).headers.get('allow')).toBe('GET, HEAD, PUT, POST');
  });

  it('lets no answer be cached or guessed at', async () => {
    const { send } = openWorld();
    const { headers } = await send('GET', '/organizations/self/locations');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});
