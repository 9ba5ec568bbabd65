import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RecordMovementsInput, restock, startTracking, stopTracking } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { BOWL, MUG, openStockedWorld, openWorld, SOLD, STORE, saleOf } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'stockfold-http-'));
afterAll(() => rmSync(folder, { recursive: true }));

const row = (variant: { productId: string; variantId: string }, balance: number, locationUuid = STORE) => ({
  locationUuid,
  locationType: locationUuid === STORE ? 'STORE' : 'SOLD',
  productUuid: variant.productId,
  variantUuid: variant.variantId,
  balance,
});

describe.each([
  ['memory', () => createMemoryStore()],
  ['SQLite', () => createSqliteStore({ path: join(folder, `${Math.random()}.db`) })],
])('the mirrored page, over %s', (_, openStore) => {
  it('answers the PUT with the balances the page shows', async () => {
    const { send } = await openStockedWorld(openStore());
    const sent = await send('PUT', '/organizations/self/inventory', { changes: [saleOf(MUG, 42), saleOf(BOWL, 1337)] });
    expect(sent.status).toBe(200);
    expect(sent.body).toEqual({ locationUuid: STORE, variants: [row(MUG, 196), row(BOWL, 10_696)] });
  });

  it('answers the bulk request, which starts tracking and moves in one step', async () => {
    const { send, ledger } = openWorld(openStore());
    const cup = {
      productId: '3cc3b9f6-623b-11ec-90d6-0242ac120003',
      variantId: '4066f6cc-623b-11ec-90d6-0242ac120003',
    };
    const jug = {
      productId: '3cc3b9f6-623b-11ec-90d6-0242ac120003',
      variantId: '45900c4c-623b-11ec-90d6-0242ac120003',
    };
    const { productUuid, ...first } = saleOf(cup, 42);
    const { productUuid: _same, ...second } = saleOf(jug, 1337);
    const body = {
      returnBalanceForLocationUuid: STORE,
      productChanges: [{ productUuid, trackingStatusChange: 'START_TRACKING', variantChanges: [first, second] }],
    };
    const sent = await send('POST', '/organizations/self/v2/inventory/bulk', body);
    expect(sent.status).toBe(200);
    expect(sent.body).toEqual({ locationUuid: STORE, variants: [row(cup, -42), row(jug, -1337)] });
    expect((await ledger.verify())._unsafeUnwrap()).toMatchObject({ ok: true, records: 1, balances: 4 });
  });

  it('answers the bulk request with the balances the page shows, where the product was tracked before', async () => {
    const productId = '3cc3b9f6-623b-11ec-90d6-0242ac120003';
    const cup = { productId, variantId: '4066f6cc-623b-11ec-90d6-0242ac120003' };
    const jug = { productId, variantId: '45900c4c-623b-11ec-90d6-0242ac120003' };
    const { send, ledger } = openWorld(openStore());
    const record = (change: Pick<RecordMovementsInput, 'tracking' | 'lines'>) =>
      ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), ...change });
    const lines = [restock('STORE', cup, 238), restock('STORE', jug, 12_033)];
    (await record({ tracking: [startTracking(productId)], lines }))._unsafeUnwrap();
    (await record({ tracking: [stopTracking(productId)] }))._unsafeUnwrap();
    const [first, second] = [saleOf(cup, 42), saleOf(jug, 1337)].map(({ productUuid: _, ...change }) => change);
    const body = {
      returnBalanceForLocationUuid: STORE,
      productChanges: [
        { productUuid: productId, trackingStatusChange: 'START_TRACKING', variantChanges: [first, second] },
      ],
    };
    const sent = await send('POST', '/organizations/self/v2/inventory/bulk', body);
    expect(sent.status).toBe(200);
    // The page names the location as the first variant: a slip of its own.
    expect(sent.body).toEqual({ locationUuid: STORE, variants: [row(cup, 196), row(jug, 10_696)] });
  });
});

describe('the answer to a movement', () => {
  it('is about the location that the request names', async () => {
    const { send } = await openStockedWorld();
    const body = { changes: [saleOf(MUG, 42)], returnBalanceForLocationUuid: SOLD.toUpperCase() };
    const sent = await send('PUT', '/organizations/self/inventory', body);
    expect(sent.body).toEqual({ locationUuid: SOLD, variants: [row(MUG, 42, SOLD)] });
  });

  it('names each variant once, in the order of the request', async () => {
    const { send } = await openStockedWorld();
    const body = { changes: [saleOf(BOWL, 1), saleOf(MUG, 2), saleOf(BOWL, 3)] };
    const sent = await send('PUT', '/organizations/self/inventory', body);
    expect(sent.body).toEqual({ locationUuid: STORE, variants: [row(BOWL, 12_029), row(MUG, 236)] });
  });

  it('shows a balance of 0 as 0', async () => {
    const { send } = await openStockedWorld();
    const sent = await send('PUT', '/organizations/self/inventory', { changes: [saleOf(MUG, 238)] });
    expect(sent.body).toEqual({ locationUuid: STORE, variants: [row(MUG, 0)] });
  });

  it('shows no variant when only tracking changed', async () => {
    const { send } = openWorld();
    const body = {
      productChanges: [{ productUuid: MUG.productId, trackingStatusChange: 'START_TRACKING', variantChanges: null }],
    };
    const sent = await send('POST', '/organizations/self/v2/inventory/bulk', body);
    expect(sent.body).toEqual({ locationUuid: STORE, variants: [] });
  });
});

describe('what real clients send', () => {
  it('takes a trailing slash, the organization by its own id, a change as text and fields it does not know', async () => {
    const { send } = await openStockedWorld();
    const sent = await send('PUT', '/organizations/7C1AD2A0-5F0F-11EC-BF63-0242AC130002/inventory/', {
      changes: [{ ...saleOf(MUG, '42'), variantUuid: MUG.variantId.toUpperCase(), reason: 'sold' }],
      externalUuid: '947d712a-892d-11ea-bc55-0242ac130003',
    });
    expect(sent.body).toEqual({ locationUuid: STORE, variants: [row(MUG, 196)] });
  });

  it('keeps the correlation id of a request in the journal, and never takes it for an idempotency key', async () => {
    const { send, ledger } = await openStockedWorld();
    const body = { changes: [saleOf(MUG, 1)], externalUuid: '947d712a-892d-11ea-bc55-0242ac130003' };
    await send('PUT', '/organizations/self/inventory', body);
    const again = await send('PUT', '/organizations/self/inventory', body);
    expect(again.body).toMatchObject({ variants: [{ balance: 236 }] });
    const journal = (await ledger.journal({ after: 1 }))._unsafeUnwrap();
    expect(journal.items.map(record => record.externalUuid)).toEqual([body.externalUuid, body.externalUuid]);
  });

  it('lists the four locations, and the STORE is the default one', async () => {
    const { send } = openWorld();
    const sent = await send('GET', '/organizations/self/locations');
    expect(sent.status).toBe(200);
    expect(sent.body).toEqual(
      Object.entries({
        STORE,
        SUPPLIER: '9a51f5de-5f0f-11ec-bf63-0242ac130002',
        SOLD,
        BIN: 'a1c6c4f2-5f0f-11ec-bf63-0242ac130002',
      }).map(([type, uuid]) => ({
        uuid,
        type,
        name: type,
        description: 'System generated location',
        default: type === 'STORE',
      })),
    );
  });

  it('starts tracking a product and shows what is left of it, without rows of 0', async () => {
    const { send, ledger } = await openStockedWorld();
    await send('PUT', '/organizations/self/inventory', { changes: [saleOf(BOWL, 12_033)] });
    await ledger.execute({
      kind: 'RecordMovements',
      id: ledger.newId(),
      tracking: [{ kind: 'StopTracking', productId: MUG.productId }],
    });
    const refused = await send('PUT', '/organizations/self/inventory', { changes: [saleOf(MUG, 1)] });
    expect(refused).toMatchObject({ status: 422, body: { errorType: 'PRODUCT_NOT_TRACKED' } });
    const sent = await send('POST', '/organizations/self/inventory', { productUuid: MUG.productId });
    expect(sent.status).toBe(200);
    expect(sent.body).toEqual({ locationUuid: STORE, variants: [row(MUG, 238)] });
  });
});
