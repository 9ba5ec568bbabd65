import { describe, expect, it } from 'vitest';
import { BOWL, LOCATIONS, MUG, openStockedWorld, SOLD, STORE, saleOf } from './world.ts';

const HOLDS = '/organizations/self/holds';
const SHELF = `/organizations/self/availability?locationUuid=${STORE}&variantUuid=${MUG.variantId}`;
const holdUuid = (number: number) => `ad00000${number}-77aa-11ec-90d6-0242ac120003`;
const KEEPING = { policy: { floors: { STORE: 0 }, holds: true } } as const;
const NOON = Date.parse('2026-11-27T12:00:00.000Z');

const holdOf = (number: number, quantity: number, variant: typeof MUG | typeof BOWL = MUG) => ({
  holdUuid: holdUuid(number),
  locationUuid: STORE,
  productUuid: variant.productId,
  variantUuid: variant.variantId,
  quantity,
});

async function openShop() {
  const time = { now: NOON };
  const world = await openStockedWorld(undefined, { ...KEEPING, clock: () => time.now });
  const reserve = (more: object = {}) =>
    world.send('POST', HOLDS, { owner: 'order 1', holds: [holdOf(1, 200)], ...more });
  const act = (path: string, body: object = {}, headers = {}) => world.send('POST', `${HOLDS}/${path}`, body, headers);
  return { ...world, time, reserve, act };
}

describe('holds over HTTP', () => {
  it('are placed, listed with owner and age, and kept from a sale', async () => {
    const { send, reserve, time } = await openShop();
    const placed = await reserve({ expiresAt: '2026-11-27T13:00:00+00:00' });
    expect(placed).toMatchObject({ status: 200, body: { sequence: 2, recordedAt: '2026-11-27T12:00:00.000Z' } });
    time.now += 60_000;
    const row = {
      ...holdOf(1, 200),
      owner: 'order 1',
      placedAt: '2026-11-27T12:00:00.000Z',
      expiresAt: '2026-11-27T13:00:00.000Z',
      ageMs: 60_000,
      expired: false,
    };
    expect((await send('GET', HOLDS)).body).toEqual({ items: [row], next: null, asOf: 2 });
    expect((await send('GET', `${HOLDS}?locationUuid=${SOLD}`)).body).toMatchObject({ items: [] });
    expect(
      (await send('GET', `${HOLDS}?locationUuid=${STORE}&variantUuid=${MUG.variantId}&limit=1`)).body,
    ).toMatchObject({
      items: [row],
    });
    expect((await send('GET', SHELF)).body).toEqual({
      locationUuid: STORE,
      variantUuid: MUG.variantId,
      onHand: 238,
      reserved: 200,
      available: 38,
      holds: [row],
      asOf: 2,
    });
    const sold = await send('PUT', '/organizations/self/inventory', { changes: [saleOf(MUG, 39)] });
    expect(sold).toMatchObject({
      status: 422,
      body: { errorType: 'INSUFFICIENT_STOCK', shortages: [{ onHand: 238, reserved: 200, requested: 39 }] },
    });
  });

  it('are posted in parts and released, and then closed', async () => {
    const { send, reserve, act, ledger } = await openShop();
    await reserve();
    expect(await act(`${holdUuid(1)}/post`, { quantity: 50 })).toMatchObject({ status: 200, body: { sequence: 3 } });
    expect(await act(`${holdUuid(1)}/post`, { quantity: '10', toLocationUuid: LOCATIONS.BIN })).toMatchObject({
      status: 200,
    });
    expect((await send('GET', SHELF)).body).toMatchObject({ onHand: 178, reserved: 140, available: 38 });
    expect(await act(`${holdUuid(1)}/release`, { quantity: 40 })).toMatchObject({ status: 200 });
    expect(await act(`${holdUuid(1)}/release`)).toMatchObject({ status: 200 });
    expect((await send('GET', SHELF)).body).toMatchObject({ onHand: 178, reserved: 0, holds: [] });
    expect(await act(`${holdUuid(1)}/post`)).toMatchObject({ status: 409, body: { errorType: 'HOLD_CLOSED' } });
    expect((await ledger.verify())._unsafeUnwrap().ok).toBe(true);
  });

  it('are done once under a key, and answered alike', async () => {
    const { send, act, ledger } = await openShop();
    const key = { 'idempotency-key': 'cart-7' };
    const body = { owner: 'cart 7', holds: [holdOf(1, 3), holdOf(2, 4, BOWL)] };
    const first = await send('POST', HOLDS, body, key);
    const again = await send('POST', HOLDS, body, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await send('POST', HOLDS, { ...body, holds: [holdOf(1, 4), holdOf(2, 4, BOWL)] }, key);
    expect(other.body).toMatchObject({
      errorType: 'IDEMPOTENCY_KEY_REUSED',
      violations: [{ propertyName: 'holds[0].quantity' }],
    });
    const posting = { 'idempotency-key': 'cart-7-paid' };
    const posted = await act(`${holdUuid(1)}/post`, {}, posting);
    expect((await act(`${holdUuid(1)}/post`, {}, posting)).body).toEqual(posted.body);
    expect((await ledger.journal())._unsafeUnwrap().asOf).toBe(3);
  });

  it.each([
    ['without holds', { holds: [] }, 400, 'holds', 'EMPTY_CHANGES'],
    ['of too many', { holds: Array.from({ length: 101 }, () => holdOf(1, 1)) }, 400, 'holds', 'TOO_MANY_CHANGES'],
    ['twice', { holds: [holdOf(1, 1), holdOf(1, 1)] }, 400, 'holds[1].holdUuid', 'NamedTwice'],
    ['of nothing', { holds: [holdOf(1, 0)] }, 400, 'holds[0].quantity', 'INVALID_QUANTITY'],
    ['for nobody', { owner: '' }, 400, 'owner', 'INVALID_NAME'],
    ['for no text that a store keeps', { owner: '\0' }, 400, 'owner', 'NameInvalid'],
    ['until a day without a time', { expiresAt: '2026-11-27' }, 400, 'expiresAt', 'INVALID_TIME'],
    ['until a day that is none', { expiresAt: '2026-19-27T12:00:00Z' }, 400, 'expiresAt', 'INVALID_TIME'],
    ['until a number', { expiresAt: 7 }, 400, 'expiresAt', 'INVALID_TYPE'],
    ['until now', { expiresAt: '2026-11-27T12:00:00Z' }, 409, 'expiresAt', 'HOLD_EXPIRED'],
    [
      'of more than there is',
      { holds: [holdOf(1, 238), holdOf(2, 1)] },
      422,
      'holds[0].quantity',
      'INSUFFICIENT_STOCK',
    ],
    [
      'at no place',
      { holds: [{ ...holdOf(1, 1), locationUuid: holdUuid(9) }] },
      404,
      'holds[0].locationUuid',
      'ENTITY_NOT_FOUND',
    ],
    [
      'of another product',
      { holds: [{ ...holdOf(1, 1), productUuid: holdUuid(9) }] },
      422,
      'holds[0].productUuid',
      'PRODUCT_MISMATCH',
    ],
  ])('are refused %s, and nothing is held', async (_, body, status, propertyName, constraintType) => {
    const { reserve, state } = await openShop();
    const before = await state();
    expect(await reserve(body)).toMatchObject({ status, body: { violations: [{ propertyName, constraintType }] } });
    expect(await state()).toBe(before);
  });

  it('are refused where none are kept, where one is there, and where there is none', async () => {
    const { send, reserve, act } = await openShop();
    await reserve();
    expect(await reserve()).toMatchObject({ status: 409, body: { errorType: 'HOLD_ALREADY_EXIST' } });
    expect(await act(`${holdUuid(2)}/post`)).toMatchObject({ status: 404, body: { errorType: 'ENTITY_NOT_FOUND' } });
    expect(await act('mug/release')).toMatchObject({ status: 400, body: { errorType: 'INVALID_UUID' } });
    expect(await act('mug/post')).toMatchObject({ status: 400, body: { errorType: 'INVALID_UUID' } });
    expect(await act(`${holdUuid(1)}/release`, { quantity: 201 })).toMatchObject({
      status: 422,
      body: { errorType: 'HOLD_EXCEEDED' },
    });
    expect(await act(`${holdUuid(1)}/post`, { toLocationUuid: holdUuid(9) })).toMatchObject({
      status: 404,
      body: { violations: [{ propertyName: 'toLocationUuid' }] },
    });
    await send('PUT', '/organizations/self/policy', { floors: { STORE: 0 } });
    expect(await reserve({ holds: [holdOf(3, 1)] })).toMatchObject({
      status: 409,
      body: { errorType: 'HOLDS_NOT_KEPT' },
    });
  });

  it.each([
    [`${HOLDS}?variantUuid=${MUG.variantId}`, 'locationUuid'],
    [`${HOLDS}?locationUuid=shelf`, 'locationUuid'],
    [`${HOLDS}?cursor=%C3%A9`, 'cursor'],
    [`${HOLDS}?limit=0`, 'limit'],
    ['/organizations/self/availability', 'locationUuid'],
    [`/organizations/self/availability?locationUuid=${STORE}`, 'variantUuid'],
  ])('GET %s is refused for its %s', async (path, propertyName) => {
    const { send } = await openShop();
    expect(await send('GET', path)).toMatchObject({ status: 400, body: { violations: [{ propertyName }] } });
  });

  it('expire at too many times', async () => {
    const { reserve, time } = await openShop();
    for (let number = 0; number < 120; number++) {
      const holds = [{ ...holdOf(1, 1), holdUuid: `ad000001-77aa-11ec-90d6-${String(number).padStart(12, '0')}` }];
      expect(await reserve({ holds, expiresAt: new Date(time.now + 1_000 + number).toISOString() })).toMatchObject({
        status: 200,
      });
    }
    const expiresAt = '2026-11-27T13:00:00Z';
    expect(await reserve({ expiresAt, holds: [holdOf(2, 1)] })).toMatchObject({
      status: 422,
      body: { errorType: 'TOO_MANY_HOLDS' },
    });
  });
});
