import { type LedgerStore, type OrganizationId, storeFault } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import fc from 'fast-check';
import { errAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import {
  BOWL,
  MUG,
  ORGANIZATION,
  OTHER_ORGANIZATION,
  openStockedWorld,
  openWorld,
  saleOf,
  type World,
} from './world.ts';

const INVENTORY = '/organizations/self/inventory';
const BULK = '/organizations/self/v2/inventory/bulk';
const KEY = '8e03978e-40d5-43dd-bc93-6894a57f9324';

const sell = (change: number) => ({ changes: [saleOf(MUG, change), saleOf(BOWL, 1)] });

/** The status, the text and the header of an answer. */
async function answer({ handler }: World, method: string, path: string, body: unknown, key?: string, token = 'writer') {
  const response = await handler(
    new Request(`http://stock.test${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      body: JSON.stringify(body),
    }),
  );
  return {
    status: response.status,
    text: await response.text(),
    replayed: response.headers.get('idempotency-replayed'),
  };
}

async function mugs({ ledger }: World): Promise<number> {
  return (await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap().onHand;
}

describe('a request with an idempotency key', () => {
  it.each([
    ['PUT', INVENTORY, sell(2), -2],
    [
      'POST',
      BULK,
      {
        productChanges: [
          {
            productUuid: MUG.productId,
            trackingStatusChange: 'START_TRACKING',
            variantChanges: [{ ...saleOf(MUG, 3), productUuid: undefined }],
          },
        ],
      },
      -3,
    ],
    ['POST', INVENTORY, { productUuid: MUG.productId }, 0],
  ])('that is sent again is done once and answered byte for byte alike: %s %s', async (method, path, body, moved) => {
    const world = await openStockedWorld();
    const first = await answer(world, method, path, body, KEY);
    expect(first).toMatchObject({ status: 200, replayed: null });
    await answer(world, 'PUT', INVENTORY, sell(7));
    const again = await answer(world, method, path, body, KEY);
    expect(again).toEqual({ ...first, replayed: 'true' });
    expect(await mugs(world)).toBe(238 + moved - 7);
  });

  it('that says something else is refused, and says where it differs', async () => {
    const world = await openStockedWorld();
    await answer(world, 'PUT', INVENTORY, sell(2), KEY);
    const before = await world.state();
    const properties = async (body: unknown) => {
      const { status, text } = await answer(world, 'PUT', INVENTORY, body, KEY);
      const { errorType, violations } = JSON.parse(text);
      return [status, errorType, ...violations.map((violation: { propertyName: string }) => violation.propertyName)];
    };
    const reused = [422, 'IDEMPOTENCY_KEY_REUSED'];
    expect(await properties(sell(3))).toEqual([...reused, 'changes[0].change']);
    expect(await properties({ changes: [saleOf(MUG, 2)] })).toEqual([...reused, 'changes']);
    expect(await properties({ ...sell(2), externalUuid: KEY })).toEqual([...reused, 'externalUuid']);
    expect(await world.state()).toBe(before);
  });

  it('is done once for fifty twins in flight, and all get its answer', async () => {
    const world = await openStockedWorld();
    const twins = await Promise.all(Array.from({ length: 50 }, () => answer(world, 'PUT', INVENTORY, sell(2), KEY)));
    expect(new Set(twins.map(twin => `${twin.status} ${twin.text}`)).size).toBe(1);
    expect(twins.filter(twin => twin.replayed === null)).toHaveLength(1);
    expect(await mugs(world)).toBe(236);
  });

  it('is known to another server on the same store, and after a restart', async () => {
    const store = createMemoryStore();
    const first = await openStockedWorld(store);
    const sold = await answer(first, 'PUT', INVENTORY, sell(2), KEY);
    const { handler } = openWorld(store);
    expect(await answer({ ...first, handler }, 'PUT', INVENTORY, sell(2), KEY)).toEqual({ ...sold, replayed: 'true' });
  });

  it('burns no key when it is refused: put right, it goes through under the same one', async () => {
    const world = await openStockedWorld(createMemoryStore(), { policy: { floors: { STORE: 0 } } });
    expect((await answer(world, 'PUT', INVENTORY, { changes: [] }, KEY)).status).toBe(400);
    expect((await answer(world, 'PUT', INVENTORY, sell(239), KEY)).status).toBe(422);
    expect(await answer(world, 'PUT', INVENTORY, sell(238), KEY)).toMatchObject({ status: 200, replayed: null });
  });

  it('has a key of its own in each organization', async () => {
    const store = createMemoryStore();
    const world = await openStockedWorld(store);
    const start = { productUuid: MUG.productId };
    const ids = [];
    for (const [token, organizationId, after] of [
      ['writer', ORGANIZATION, 1],
      ['other', OTHER_ORGANIZATION, 0],
    ] as const) {
      expect(await answer(world, 'POST', INVENTORY, start, KEY, token)).toMatchObject({ status: 200, replayed: null });
      const page = await store.journal({ organizationId: organizationId as OrganizationId, after, limit: 1 });
      ids.push(page._unsafeUnwrap().items[0]?.commandId);
    }
    expect(new Set(ids).size).toBe(2);
  });

  it('takes one key in either case and with or without the quotes of the draft', async () => {
    const world = await openStockedWorld();
    for (const key of [KEY, KEY.toUpperCase(), `"${KEY}"`])
      expect((await answer(world, 'PUT', INVENTORY, sell(2), key)).status).toBe(200);
    expect(await mugs(world)).toBe(236);
    await answer(world, 'PUT', INVENTORY, sell(2), 'order 17'.replace(' ', '-'));
    await answer(world, 'PUT', INVENTORY, sell(2), '"order 17"'.replace(' ', '-'));
    expect(await mugs(world)).toBe(234);
  });

  it.each([
    ['nothing', ''],
    ['256 characters', 'k'.repeat(256)],
    ['a space inside', 'order 17'],
    ['a letter outside ASCII', 'order-\u00e9'],
    ['one quote', '"order'],
    ['empty quotes', '""'],
  ])('is refused, unread, under a key of %s', async (_, key) => {
    const world = await openStockedWorld();
    const before = await world.state();
    const sent = await answer(world, 'PUT', INVENTORY, '{', key);
    expect(sent.status).toBe(400);
    expect(JSON.parse(sent.text)).toMatchObject({ errorType: 'INVALID_IDEMPOTENCY_KEY' });
    expect(await world.state()).toBe(before);
  });

  it('may ask again for an answer that could not be made', async () => {
    const store = createMemoryStore();
    let isBroken = true;
    const balances: LedgerStore['balances'] = query =>
      isBroken ? errAsync(storeFault('StoreUnavailable', 'the disk is gone')) : store.balances(query);
    const world = await openStockedWorld({ ...store, balances });
    expect((await answer(world, 'PUT', INVENTORY, sell(2), KEY)).status).toBe(503);
    isBroken = false;
    expect(await answer(world, 'PUT', INVENTORY, sell(2), KEY)).toMatchObject({ status: 200, replayed: 'true' });
    expect(await mugs(world)).toBe(236);
  });

  it('that stopped a product is done once, though the product is not tracked when it comes again', async () => {
    const world = await openStockedWorld();
    const path = `${INVENTORY}/products/${MUG.productId}`;
    const stop = async (key?: string) => {
      const { status, headers } = await world.send('DELETE', path, undefined, key ? { 'idempotency-key': key } : {});
      return [status, headers.get('idempotency-replayed')];
    };
    expect(await stop(KEY)).toEqual([204, null]);
    expect(await stop(KEY)).toEqual([204, 'true']);
    // Another request, with a key or without one, finds nothing to stop, and leaves nothing in the journal.
    const before = await world.state();
    expect(await stop('another-key')).toEqual([422, null]);
    expect(await stop()).toEqual([422, null]);
    expect(await world.state()).toBe(before);
    await answer(world, 'POST', INVENTORY, { productUuid: MUG.productId });
    expect(await stop('another-key')).toEqual([204, null]);
  });

  it('for any keys sent in any order any number of times, is done once per key', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 60 }), async keys => {
        const world = await openStockedWorld();
        const sent = await Promise.all(keys.map(key => answer(world, 'PUT', INVENTORY, sell(1 + key), `order-${key}`)));
        const answers = new Map(keys.map((key, index) => [key, sent[index]?.text]));
        expect(keys.map(key => answers.get(key))).toEqual(sent.map(({ text }) => text));
        expect(await mugs(world)).toBe(238 - [...answers.keys()].reduce((sum, key) => sum + 1 + key, 0));
      }),
      { seed: 5, numRuns: 60 },
    );
  });
});

describe('an externalUuid', () => {
  const moved = { ...sell(2), externalUuid: KEY };

  it('makes nothing idempotent: some clients send one with everything', async () => {
    const world = await openStockedWorld();
    for (let n = 0; n < 3; n++) expect((await answer(world, 'PUT', INVENTORY, moved)).replayed).toBeNull();
    expect(await mugs(world)).toBe(232);
  });

  it('is a key where the host says so, unless there is a header', async () => {
    const world = await openStockedWorld(createMemoryStore(), {}, { idempotency: 'externalUuid' });
    const first = await answer(world, 'PUT', INVENTORY, moved);
    const again = { ...moved, externalUuid: KEY.toUpperCase() };
    expect(await answer(world, 'PUT', INVENTORY, again)).toEqual({ ...first, replayed: 'true' });
    const before = await world.state();
    const other = await answer(world, 'PUT', INVENTORY, { ...again, ...sell(3) });
    expect([other.status, JSON.parse(other.text).errorType]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(await world.state()).toBe(before);
    expect((await answer(world, 'PUT', INVENTORY, moved, 'another-key')).replayed).toBeNull();
    for (let n = 0; n < 2; n++) await answer(world, 'PUT', INVENTORY, sell(1));
    expect(await mugs(world)).toBe(238 - 2 - 2 - 2);
  });
});
