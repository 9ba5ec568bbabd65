import { storeFault } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { UNKNOWN } from './bad-input.ts';
import { BOWL, LOCATIONS, MUG, openStockedWorld, SOLD, STORE, saleOf } from './world.ts';

const PREVIEW = '/organizations/self/movements/preview';
const BULK = '/organizations/self/v2/inventory/bulk/preview';
const INVENTORY = '/organizations/self/inventory';

describe('a preview over HTTP', () => {
  it('shows what would move, and moves nothing', async () => {
    const { send, state } = await openStockedWorld();
    const before = await state();
    const changes = [saleOf(MUG, 2), saleOf(MUG, 3)];
    expect(await send('POST', PREVIEW, { changes }, { authorization: 'Bearer reader' })).toMatchObject({
      status: 200,
      body: {
        recorded: true,
        balances: [
          { locationUuid: STORE, productUuid: MUG.productId, variantUuid: MUG.variantId, before: 238, balance: 233 },
          { locationUuid: SOLD, variantUuid: MUG.variantId, before: 0, balance: 5 },
        ],
        problems: [],
      },
    });
    expect(await state()).toBe(before);
  });

  it('lists every problem in order, and the first is the answer to the request itself', async () => {
    const { send } = await openStockedWorld(undefined, { policy: { floors: { STORE: 0 } } });
    const changes = [
      saleOf(MUG, 239),
      { ...saleOf(BOWL, 1), toLocationUuid: UNKNOWN },
      { ...saleOf(BOWL, 1), productUuid: UNKNOWN },
    ];
    const { status, body } = await send('POST', PREVIEW, { changes });
    const { problems } = body as { problems: Record<string, unknown>[] };
    expect(status).toBe(200);
    expect(body).toMatchObject({
      recorded: false,
      balances: [],
      problems: [
        { errorType: 'ENTITY_NOT_FOUND', violations: [{ propertyName: 'changes[1].toLocationUuid' }] },
        { errorType: 'PRODUCT_MISMATCH', violations: [{ propertyName: 'changes[2].productUuid' }] },
        { errorType: 'PRODUCT_NOT_TRACKED', violations: [{ propertyName: 'changes[2].productUuid' }] },
        {
          errorType: 'INSUFFICIENT_STOCK',
          violations: [{ propertyName: 'changes[0].change' }],
          shortages: [{ onHand: 238, requested: 239 }],
        },
      ],
    });
    expect((await send('PUT', INVENTORY, { changes })).body).toEqual(problems[0]);
  });

  it('is there for the bulk path too', async () => {
    const { send } = await openStockedWorld();
    const { productUuid, ...change } = saleOf(MUG, 2);
    const stop = { productUuid, trackingStatusChange: 'STOP_TRACKING' };
    const body = { productChanges: [{ ...stop, variantChanges: [change] }] };
    expect((await send('POST', BULK, body)).body).toMatchObject({
      recorded: false,
      problems: [{ errorType: 'PRODUCT_NOT_TRACKED' }],
    });
    expect((await send('POST', BULK, { productChanges: [stop] })).body).toEqual({
      recorded: true,
      balances: [],
      problems: [],
    });
    const mixed = { productChanges: [{ productUuid, variantChanges: [{ ...change, productUuid: UNKNOWN }] }] };
    expect(await send('POST', BULK, mixed)).toMatchObject({ status: 422, body: { errorType: 'PRODUCT_MISMATCH' } });
  });

  it('refuses a body that cannot be read, as the request itself would be', async () => {
    const { send } = await openStockedWorld();
    const sent = await send('POST', PREVIEW, { changes: [saleOf(MUG, 0)] });
    expect(sent).toMatchObject({ status: 400, body: { errorType: 'INVALID_QUANTITY' } });
  });

  it('says that the store cannot be read', async () => {
    const store = createMemoryStore();
    let isBroken = false;
    const { send } = await openStockedWorld({
      ...store,
      load: (...args) => (isBroken ? errAsync(storeFault('StoreUnavailable', 'gone')) : store.load(...args)),
    });
    isBroken = true;
    expect((await send('POST', PREVIEW, { changes: [saleOf(MUG, 1)] })).status).toBe(503);
  });

  it('speaks of the locations of its own organization', async () => {
    const { send } = await openStockedWorld();
    const changes = [saleOf(MUG, 1)];
    const other = await send('POST', PREVIEW, { changes }, { authorization: 'Bearer other' });
    expect(other.body).toMatchObject({ recorded: false, problems: [{ errorType: 'ENTITY_NOT_FOUND' }, {}] });
    expect(JSON.stringify(other.body)).not.toContain(LOCATIONS.BIN);
  });
});
