import { fileURLToPath } from 'node:url';
import createClient from 'openapi-fetch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { end, type Server, serve } from '../stockfold.ts';
import type { paths } from './fixtures/api.d.ts';
import { generateTypes } from './generate.ts';

// A client that nobody here has written: its types are generated from what the server serves, its calls are those of
// openapi-fetch. The type checker holds this file against them.

const MUG = {
  productUuid: '65314d7e-5f0f-11ec-bf63-0242ac130002',
  variantUuid: '78194842-5f0f-11ec-bf63-0242ac130002',
};
const params = { path: { organization: 'self' } };

describe('a client that was generated from /openapi.json', () => {
  let server: Server;
  beforeAll(async () => {
    server = await serve('--db', ':memory:');
  });
  afterAll(() => end(server, 'SIGTERM'));

  const connect = () => {
    const token = /token of this run: (\S+)/.exec(server.greeting)?.[1] ?? '';
    return createClient<paths>({ baseUrl: server.url, headers: { Authorization: `Bearer ${token}` } });
  };

  it('has the types that stand beside this test', async () => {
    const served = await (await fetch(`${server.url}/openapi.json`)).json();
    const file = fileURLToPath(new URL('./fixtures/api.d.ts', import.meta.url));
    await expect(await generateTypes(served)).toMatchFileSnapshot(file);
  });

  it('does the main job: it tracks, restocks, sells, reads, and is told what it may not do', async () => {
    const client = connect();
    const locations = await client.GET('/organizations/{organization}/locations', { params });
    const {
      STORE = '',
      SUPPLIER = '',
      SOLD = '',
    } = Object.fromEntries((locations.data ?? []).map(({ type, uuid }) => [type, uuid]));
    const bulk = await client.POST('/organizations/{organization}/v2/inventory/bulk', {
      params,
      body: {
        productChanges: [
          {
            productUuid: MUG.productUuid,
            trackingStatusChange: 'START_TRACKING',
            variantChanges: [
              { variantUuid: MUG.variantUuid, fromLocationUuid: SUPPLIER, toLocationUuid: STORE, change: 12 },
            ],
          },
        ],
      },
    });
    expect(bulk.data?.variants).toMatchObject([{ ...MUG, balance: 12 }]);

    const sale = { ...MUG, fromLocationUuid: STORE, toLocationUuid: SOLD, change: '5' };
    const sold = await client.PUT('/organizations/{organization}/inventory', { params, body: { changes: [sale] } });
    expect(sold.data?.variants[0]?.balance).toBe(7);

    const store = await client.GET('/inventory');
    expect(store.data).toMatchObject({ locationUuid: STORE, variants: [{ ...MUG, balance: 7 }] });

    const stop = { params: { path: { organization: 'self', product: MUG.productUuid } } };
    const stopped = await client.DELETE('/organizations/{organization}/inventory/products/{product}', stop);
    expect(stopped.response.status).toBe(204);
    const refused = await client.PUT('/organizations/{organization}/inventory', { params, body: { changes: [sale] } });
    expect(refused.error).toMatchObject({
      errorType: 'PRODUCT_NOT_TRACKED',
      violations: [{ propertyName: 'changes[0].productUuid' }],
    });
  });

  it('pages through v3 by the Link of each answer', async () => {
    const client = connect();
    await client.POST('/v3/products', { body: [{ productUuid: MUG.productUuid, tracking: 'enable' }] });
    const stock = await client.GET('/v3/stock', { params: { query: { limit: '1' } } });
    expect(stock.data).toMatchObject([{ ...MUG, balance: 7, lowStockLevel: null, lowStockAlert: false }]);
    expect(stock.response.headers.get('link')).toBeNull();
  });
});
