import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sale, storeFault } from '@stockfold/core';
import {
  createMemoryWebhookStore,
  createWebhooks,
  type StoredSubscription,
  SUBSCRIPTIONS_MAX,
  sendWithFetch,
  signPayload,
  type WebhookStore,
} from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import fc from 'fast-check';
import { errAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { rest } from './hand-timers.ts';
import {
  bulk,
  HOOK,
  type Hooked,
  openHooked,
  SUBSCRIPTION,
  SUBSCRIPTIONS,
  sell,
  settle,
  subscribe,
  UUID,
} from './hooked-world.ts';
import { SIGNED, SIGNING_KEY } from './signed-messages.ts';
import { BOWL, LOCATIONS, MUG, ORGANIZATION, openStockedWorld, SOLD, STORE, saleOf } from './world.ts';

describe('a signature', () => {
  it.each(SIGNED)('of a documented message: $eventName', async ({ timestamp, payload, signature }) => {
    expect(await signPayload(SIGNING_KEY, timestamp, JSON.stringify(payload))).toBe(signature);
  });

  it('goes with every message, made with the key that the subscriber was given', async () => {
    const world = await openHooked();
    const { body } = await subscribe(world);
    const { signingKey } = body as { signingKey: string };
    expect(signingKey).toMatch(/^[0-9a-f]{64}$/);
    await sell(world, 1);
    await settle(world);
    expect(world.names()).toEqual(['InventoryBalanceChanged']);
    for (const { headers, message } of world.sent) {
      const expected = createHmac('sha256', signingKey).update(`${message.timestamp}.${message.payload}`).digest('hex');
      expect(headers['X-iZettle-Signature']).toBe(expected);
    }
  });
});

describe('a message', () => {
  it('tells what changed at STORE, before and after, as documented', async () => {
    const world = await openHooked();
    await subscribe(world);
    const changes = [
      saleOf(MUG, 2),
      saleOf(BOWL, 3),
      { ...saleOf(MUG, 1), fromLocationUuid: SOLD, toLocationUuid: STORE },
    ];
    await world.send('PUT', '/organizations/self/inventory', { changes, externalUuid: UUID });
    await settle(world);
    const { message } = world.sent[1] as Hooked['sent'][number];
    const [record] = (await world.ledger.journal({ after: 1 }))._unsafeUnwrap().items;
    expect(message).toEqual({
      organizationUuid: ORGANIZATION,
      messageUuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      eventName: 'InventoryBalanceChanged',
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      payload: expect.any(String),
      timestamp: new Date(record?.recordedAt ?? 0).toISOString(),
    });
    const row = (variant: typeof MUG | typeof BOWL, balance: string) => ({
      organizationUuid: ORGANIZATION,
      locationUuid: STORE,
      productUuid: variant.productId,
      variantUuid: variant.variantId,
      balance,
    });
    expect(JSON.parse(message.payload)).toEqual({
      organizationUuid: ORGANIZATION,
      updated: {
        uuid: ORGANIZATION,
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
        userType: 'USER',
        clientUuid: ORGANIZATION,
      },
      balanceBefore: [row(MUG, '238'), row(BOWL, '12033')],
      balanceAfter: [row(MUG, '237'), row(BOWL, '12030')],
      externalUuid: UUID,
    });
  });

  it('has the fields of the documented ones', async () => {
    const world = await openHooked();
    await subscribe(world);
    await world.send('POST', '/organizations/self/v2/inventory/bulk', bulk('STOP_TRACKING'));
    await world.send('POST', '/organizations/self/v2/inventory/bulk', bulk('START_TRACKING', saleOf(MUG, 1)));
    await settle(world);
    const fieldsOf = (payload: object): unknown =>
      Object.entries(payload).map(([name, value]) => [
        name,
        typeof value === 'object' && value !== null ? Object.keys(value) : '',
      ]);
    for (const { eventName, payload } of SIGNED) {
      const message = world.sent.find(request => request.message.eventName === eventName)?.message;
      expect(fieldsOf(JSON.parse(message?.payload ?? '{}'))).toEqual(fieldsOf(payload));
    }
    expect(world.names()).toEqual(['InventoryTrackingStopped', 'InventoryTrackingStarted', 'InventoryBalanceChanged']);
  });

  it('is not made of movements that pass STORE by, or that leave it as it was', async () => {
    const world = await openHooked();
    await subscribe(world);
    const move = (fromLocationUuid: string, toLocationUuid: string) => ({
      ...saleOf(MUG, 1),
      fromLocationUuid,
      toLocationUuid,
    });
    const { send } = world;
    await send('PUT', '/organizations/self/inventory', { changes: [move(LOCATIONS.SUPPLIER, LOCATIONS.BIN)] });
    await send('PUT', '/organizations/self/inventory', { changes: [move(STORE, SOLD), move(SOLD, STORE)] });
    await settle(world);
    expect(world.names()).toEqual([]);
    expect((await storeOf(world)).progress.after).toBe(3);
  });

  it('goes to those who asked for its kind', async () => {
    const world = await openHooked();
    await subscribe(world, { eventNames: ['InventoryTrackingStopped', 'ProductUpdated'] });
    await sell(world, 1);
    await world.send('POST', '/organizations/self/v2/inventory/bulk', bulk('STOP_TRACKING'));
    await settle(world);
    expect(world.names()).toEqual(['InventoryTrackingStopped']);
  });
});

/** What is kept of the subscription. */
async function storeOf({ webhooks, ledger }: Hooked): Promise<StoredSubscription> {
  return (await webhooks.list(ledger))._unsafeUnwrap()[0] as StoredSubscription;
}

describe('a destination that is down', () => {
  it('is tried again on the documented schedule, and then given up', async () => {
    const world = await openHooked((_, index) => (index === 0 ? 200 : 503));
    await subscribe(world);
    await sell(world, 1);
    await settle(world);
    const waits: number[] = [];
    while ((await world.webhooks.list(world.ledger))._unsafeUnwrap().length > 0) {
      const before = world.clock();
      world.next();
      waits.push((world.clock() - before) / 1000);
      await settle(world);
    }
    expect(waits).toEqual([...Array(10).fill(60), ...Array(9).fill(600), ...Array(68).fill(3600)]);
    expect(new Set(world.sent.slice(1).map(({ body }) => body)).size).toBe(1);
    expect(world.events.at(-1)).toMatchObject({ kind: 'WebhookGivenUp', failures: 88 });
  });

  it('is shown as failing, and misses nothing when it is back', async () => {
    let isDown = false;
    const world = await openHooked(() => (isDown ? 500 : 200));
    await subscribe(world);
    isDown = true;
    for (const change of [1, 2, 3]) await sell(world, change);
    await settle(world);
    expect((await world.send('GET', SUBSCRIPTIONS)).body).toMatchObject([{ uuid: UUID, status: 'FAILING' }]);
    isDown = false;
    world.next();
    await settle(world);
    const afters = world.sent.slice(-3).map(({ message }) => JSON.parse(message.payload).balanceAfter[0].balance);
    expect(afters).toEqual(['237', '235', '232']);
    expect((await world.send('GET', SUBSCRIPTIONS)).body).toMatchObject([{ uuid: UUID, status: 'ACTIVE' }]);
  });

  it('holds nobody else up', async () => {
    const world = await openHooked(({ destination }, index) => (index > 1 && destination === HOOK ? 500 : 200));
    await subscribe(world);
    const other = 'https://a.tills.example:8443/';
    await subscribe(world, { uuid: ORGANIZATION, destination: other });
    for (const change of [1, 2]) await sell(world, change);
    await settle(world);
    const count = (destination: string) =>
      world.sent.slice(2).filter(request => request.destination === destination).length;
    expect([count(HOOK), count(other)]).toEqual([1, 2]);
  });

  it('and is slow to say so holds nobody else up either', async () => {
    let answer: (status: number) => void = () => undefined;
    const late = new Promise<number>(resolve => {
      answer = resolve;
    });
    const world = await openHooked(({ destination }, index) => (index > 1 && destination === HOOK ? late : 200));
    await subscribe(world);
    const other = 'https://a.tills.example:8443/';
    await subscribe(world, { uuid: ORGANIZATION, destination: other });
    for (const change of [1, 2, 3]) await sell(world, change);
    const count = (destination: string) =>
      world.sent.slice(2).filter(request => request.destination === destination).length;
    // Comes to its end only when the other does not wait.
    while (count(other) < 3) await rest(1);
    expect(count(HOOK)).toBe(1);
    answer(200);
    await settle(world);
    expect([count(HOOK), count(other)]).toEqual([3, 3]);
  });

  it.each<[string, () => number | Promise<number>]>([
    ['a redirect', () => 302],
    ['an error that was thrown', () => Promise.reject(new Error('refused'))],
  ])('counts as failed: %s', async (_, answer) => {
    let isDown = false;
    const world = await openHooked(() => (isDown ? answer() : 200));
    await subscribe(world);
    isDown = true;
    await sell(world, 1);
    await settle(world);
    expect((await storeOf(world)).progress).toMatchObject({ after: 1, failures: 1 });
  });

  it('is waited for ten seconds, and no longer', async () => {
    let isSilent = false;
    const world = await openHooked(() => (isSilent ? new Promise(() => undefined) : 200));
    await subscribe(world);
    isSilent = true;
    await sell(world, 1);
    await world.runOut(10_000);
    await settle(world);
    expect(world.sent.at(-1)?.signal.aborted).toBe(true);
    expect((await storeOf(world)).progress).toMatchObject({ after: 1, failures: 1 });
  });

  it('that was changed is tried at its new place at once', async () => {
    const world = await openHooked(({ destination }, index) => (index > 0 && destination === HOOK ? 500 : 200));
    await subscribe(world);
    await sell(world, 1);
    await settle(world);
    const destination = 'https://b.tills.example:8443/new';
    const changed = await world.handler(
      new Request(`http://stock.test${SUBSCRIPTIONS}/${UUID}`, {
        method: 'PUT',
        headers: { authorization: 'Bearer writer', 'content-type': 'application/json' },
        body: JSON.stringify({ destination }),
      }),
    );
    expect([changed.status, await changed.text()]).toEqual([200, '']);
    await settle(world);
    expect(world.sent.at(-1)?.destination).toBe(destination);
    expect((await storeOf(world)).progress).toMatchObject({ after: 2, failures: 0 });
  });
});

it('a commit is never missed, whenever in the look before it comes', async () => {
  const missed: number[] = [];
  for (let turns = 0; turns < 60; turns++) {
    const inner = createMemoryWebhookStore();
    const looks: { count: number; onFirst: () => void } = { count: 0, onFirst: () => undefined };
    const list: WebhookStore['list'] = id => {
      looks.count += 1;
      if (looks.count === 1) looks.onFirst();
      return inner.list(id);
    };
    const { webhooks, ledger } = await openHooked(undefined, { store: { ...inner, list } });
    const later = (left: number): void =>
      left === 0 ? void webhooks.dispatch(ledger) : queueMicrotask(() => later(left - 1));
    // A dispatcher that is new looks twice anyway.
    await webhooks.dispatch(ledger);
    await rest();
    Object.assign(looks, { count: 0, onFirst: () => later(turns) });
    await webhooks.dispatch(ledger);
    await rest();
    if (looks.count < 2) missed.push(turns);
  }
  expect(missed).toEqual([]);
});

describe('what was delivered', () => {
  it('is kept message by message: after a restart it goes on where it was', async () => {
    const store = createMemoryWebhookStore();
    const ledgerStore = createMemoryStore();
    const first = await openHooked((_, index) => (index < 2 ? 200 : 500), { store, ledgerStore });
    await subscribe(first);
    await first.send('POST', '/organizations/self/v2/inventory/bulk', bulk('START_TRACKING', saleOf(MUG, 1)));
    await settle(first);
    expect((await storeOf(first)).progress).toMatchObject({ after: 1, delivered: 1, failures: 1 });
    await first.webhooks.close();
    // Another server finds subscription and progress in the store, and the rest of the record in the journal.
    const sent: string[] = [];
    const second = createWebhooks({
      store,
      allow: ['https://hooks.shop.example'],
      clock: () => first.clock() + 60_000,
      setTimer: first.setTimer,
      send: async ({ body }) => sent.push(JSON.parse(body).eventName) && 200,
    });
    await second.dispatch(first.ledger);
    expect(sent).toEqual(['InventoryBalanceChanged']);
    await second.close();
  });

  it('is all of a backlog of many pages, without another commit to set it going', async () => {
    const world = await openHooked();
    await subscribe(world);
    await settle(world);
    // In one group: the dispatcher is told once, of all of them.
    const command = (quantity: number) =>
      ({ kind: 'RecordMovements', id: world.ledger.newId(), lines: [sale('STORE', MUG, quantity)] }) as const;
    await world.ledger.executeAll(Array.from({ length: 50 }, () => command(1)));
    await settle(world);
    expect(world.names()).toHaveLength(50);
  });

  it('but not kept is delivered again, as the same message', async () => {
    const memory = createMemoryWebhookStore();
    let isBroken = false;
    const advance: WebhookStore['advance'] = (...args) =>
      isBroken ? errAsync(storeFault('StoreFull', 'no room')) : memory.advance(...args);
    const world = await openHooked(() => 200, { store: { ...memory, advance } });
    await subscribe(world);
    isBroken = true;
    await sell(world, 1);
    await settle(world);
    isBroken = false;
    world.next();
    await settle(world);
    const [first, again, ...more] = world.sent.slice(1);
    expect(again?.body).toBe(first?.body);
    expect(more).toEqual([]);
    expect(world.events).toContainEqual({
      kind: 'WebhooksUnreadable',
      organizationId: ORGANIZATION,
      fault: 'progress',
    });
  });

  it('for any failures, comes to every subscriber at least once and in the order of the journal', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 20 }),
        async (fates, sales) => {
          let tries = 0;
          let isOpen = false;
          const taken: string[] = [];
          const world = await openHooked(({ body, destination }) => {
            if (!isOpen) return 200;
            const isTaken = fates[tries++] ?? true;
            if (isTaken) taken.push(`${destination} ${JSON.parse(JSON.parse(body).payload).balanceAfter[0].balance}`);
            return isTaken ? 204 : 500;
          });
          const other = 'https://c.tills.example:8443/';
          await subscribe(world);
          await subscribe(world, { uuid: ORGANIZATION, destination: other });
          isOpen = true;
          for (let n = 0; n < sales; n++) await sell(world, 1);
          await settle(world);
          for (let n = 0; n < 40 && world.timers.size > 0; n++) {
            world.next();
            await settle(world);
          }
          for (const destination of [HOOK, other])
            expect(taken.filter(entry => entry.startsWith(`${destination} `))).toEqual(
              Array.from({ length: sales }, (_, n) => `${destination} ${237 - n}`),
            );
          await world.webhooks.close();
        },
      ),
      { seed: 11, numRuns: 30 },
    );
  });

  it('ends with the server: no further message is begun', async () => {
    let answer: (status: number) => void = () => undefined;
    const world = await openHooked((_, index) =>
      index === 0
        ? 200
        : new Promise(resolve => {
            answer = resolve;
          }),
    );
    await subscribe(world);
    for (const change of [1, 2]) await sell(world, change);
    while (world.names().length === 0) await rest(1);
    const closed = world.webhooks.close();
    answer(200);
    await closed;
    expect(world.names()).toHaveLength(1);
    expect((await storeOf(world)).progress.after).toBe(2);
    expect(world.timers.size).toBe(0);
  });
});

describe('a subscription', () => {
  it('is tried with a TestMessage, and is then told of what comes, not of what was', async () => {
    const world = await openHooked();
    const { status, body } = await subscribe(world);
    expect(status).toBe(200);
    expect(body).toEqual({
      ...SUBSCRIPTION,
      updated: new Date(world.clock()).toISOString(),
      status: 'ACTIVE',
      signingKey: expect.any(String),
    });
    await settle(world);
    expect(world.sent).toHaveLength(1);
    expect(world.sent[0]?.message).toMatchObject({ eventName: 'TestMessage', payload: '{"data":"payload"}' });
  });

  it('is listed without its key, and ends when it is deleted, on either path', async () => {
    const world = await openHooked();
    await subscribe(world);
    const other = MUG.productId;
    await subscribe(world, { uuid: other });
    const { body } = await world.send('GET', SUBSCRIPTIONS);
    expect((body as { uuid: string }[]).map(({ uuid }) => uuid)).toEqual([UUID, other]);
    expect(JSON.stringify(body)).not.toContain('signingKey');
    expect((await world.send('DELETE', `${SUBSCRIPTIONS}/${UUID}`)).status).toBe(204);
    expect((await world.send('DELETE', `${SUBSCRIPTIONS}/uuid/${other}`)).status).toBe(204);
    await sell(world, 1);
    await settle(world);
    expect(world.names()).toEqual(['TestMessage']);
  });

  it('belongs to its organization', async () => {
    const world = await openHooked();
    await subscribe(world);
    const other = { authorization: 'Bearer other' };
    expect((await world.send('GET', SUBSCRIPTIONS, undefined, other)).body).toEqual([]);
    expect((await world.send('DELETE', `${SUBSCRIPTIONS}/${UUID}`, undefined, other)).status).toBe(404);
    expect((await world.send('POST', SUBSCRIPTIONS, SUBSCRIPTION, other)).status).toBe(200);
    expect((await world.webhooks.list(world.ledger))._unsafeUnwrap()).toHaveLength(1);
  });

  it.each<[string, object, number, string]>([
    ['without a uuid', { uuid: undefined }, 400, 'MISSING_FIELD'],
    ['with a uuid that is none', { uuid: 'one' }, 400, 'INVALID_UUID'],
    ['without a transport', { transportName: undefined }, 400, 'MISSING_FIELD'],
    ['with another transport', { transportName: 'MAIL' }, 400, 'INVALID_ENUM'],
    ['with an event that has no name', { eventNames: ['<script>'] }, 400, 'INVALID_ENUM'],
    ['without a destination', { destination: undefined }, 400, 'MISSING_FIELD'],
    ['with an address that is no e-mail', { contactEmail: 'till' }, 422, 'INVALID_CONTACT_EMAIL'],
    ['with one that is too long', { contactEmail: `${'t'.repeat(512)}@shop.example` }, 422, 'INVALID_CONTACT_EMAIL'],
  ])('is refused %s', async (_, change, status, errorType) => {
    const world = await openHooked();
    expect(await subscribe(world, change)).toMatchObject({ status, body: { errorType } });
    expect(world.sent).toEqual([]);
  });

  it.each([
    'http://hooks.shop.example/',
    'https://hooks.shop.example:8443/',
    'https://hooks.shop.example.evil.example/',
    'https://user:pass@hooks.shop.example/',
    'https://hooks.shop.example@evil.example/',
    'https://hooks.shop.example/#till',
    'https://tills.example:8443/',
    'https://127.0.0.1/',
    'https://0x7f000001/',
    'https://[::1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://localhost/',
    'ftp://hooks.shop.example/',
    'javascript:alert(1)',
    'hooks.shop.example',
    '',
  ])('may not send to %s', async destination => {
    const world = await openHooked();
    const refused = { status: 422, body: { errorType: 'DESTINATION_NOT_ALLOWED' } };
    expect(await subscribe(world, { destination })).toMatchObject(refused);
    expect(world.sent).toEqual([]);
    // Nor may one that is there be turned to it.
    await subscribe(world);
    expect(await world.send('PUT', `${SUBSCRIPTIONS}/${UUID}`, { destination })).toMatchObject(refused);
    expect((await storeOf(world)).subscription.destination).toBe(HOOK);
  });

  it.each<[string, () => number | Promise<number>, number, string]>([
    ['that does not answer', () => Promise.reject(new Error('no')), 400, 'DESTINATION_NOT_ACCESSIBLE'],
    ['that answers with an error', () => 404, 500, 'DESTINATION_RESPONDED_WITH_ERROR_CODE'],
  ])('is not made for a destination %s', async (_, answer, status, errorType) => {
    const world = await openHooked(answer);
    expect(await subscribe(world)).toMatchObject({ status, body: { errorType } });
    expect((await world.send('GET', SUBSCRIPTIONS)).body).toEqual([]);
  });

  it('is made once', async () => {
    const world = await openHooked();
    await subscribe(world);
    expect(await subscribe(world)).toMatchObject({ status: 400, body: { errorType: 'SUBSCRIPTION_ALREADY_EXIST' } });
    // Nor is its destination told of it a second time.
    expect(world.sent).toHaveLength(1);
  });

  it('is one of so many, and no more, in each organization', async () => {
    const world = await openHooked();
    const uuidOf = (n: number) => UUID.replace(/.{3}$/, String(100 + n));
    for (let n = 0; n < SUBSCRIPTIONS_MAX; n++) expect((await subscribe(world, { uuid: uuidOf(n) })).status).toBe(200);
    const one = { uuid: uuidOf(SUBSCRIPTIONS_MAX) };
    expect(await subscribe(world, one)).toMatchObject({ status: 422, body: { errorType: 'TOO_MANY_SUBSCRIPTIONS' } });
    expect(world.sent).toHaveLength(SUBSCRIPTIONS_MAX);
    const other = { authorization: 'Bearer other' };
    expect((await world.send('POST', SUBSCRIPTIONS, { ...SUBSCRIPTION, ...one }, other)).status).toBe(200);
    await world.send('DELETE', `${SUBSCRIPTIONS}/${uuidOf(0)}`);
    expect((await subscribe(world, one)).status).toBe(200);
  });

  it.each(['PUT', 'DELETE'])('that is not there is not found: %s', async method => {
    const world = await openHooked();
    for (const uuid of [UUID, 'one']) {
      const sent = await world.send(method, `${SUBSCRIPTIONS}/${uuid}`, method === 'PUT' ? {} : undefined);
      expect(sent).toMatchObject({ status: 404, body: { errorType: 'SUBSCRIPTION_NOT_FOUND' } });
    }
  });

  it('is not sent to a place that was taken off the list', async () => {
    const world = await openHooked();
    await subscribe(world);
    const sent: string[] = [];
    const { store } = { store: createMemoryWebhookStore([await storeOf(world)]) };
    const strict = createWebhooks({
      store,
      allow: [],
      send: async ({ body }) => sent.push(body) && 200,
      setTimer: world.setTimer,
    });
    await sell(world, 1);
    await strict.dispatch(world.ledger);
    expect(sent).toEqual([]);
    expect((await strict.list(world.ledger))._unsafeUnwrap()[0]?.progress.failures).toBe(1);
    await strict.close();
  });

  it('has no path where the host has no webhooks', async () => {
    const { send } = await openStockedWorld();
    expect((await send('GET', SUBSCRIPTIONS)).status).toBe(404);
  });
});

describe('an allow-list', () => {
  it.each([
    'hooks.shop.example',
    'https://hooks.shop.example/path',
    'ftp://shop.example',
    'https://*',
    'https://*.*.example',
    'https://*.10.0.0.1',
  ])('does not take %s for an origin', origin => {
    expect(() => createWebhooks({ store: createMemoryWebhookStore(), allow: [origin] })).toThrow(TypeError);
  });
});

describe('the sender', () => {
  it('sends the message as it was signed, and follows no redirect', async () => {
    const requests: { url: string | undefined; body: string; signature: unknown }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      requests.push({ url: request.url, body, signature: request.headers['x-izettle-signature'] });
      response.writeHead(request.url === '/moved' ? 307 : 200, { location: '/elsewhere' }).end('thanks');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const message = {
      headers: { 'X-iZettle-Signature': 'abc' },
      body: '{"a":1}',
      signal: new AbortController().signal,
    };
    expect(await sendWithFetch({ ...message, destination: `${origin}/hook` })).toBe(200);
    expect(await sendWithFetch({ ...message, destination: `${origin}/moved` })).toBe(307);
    expect(requests).toEqual([
      { url: '/hook', body: '{"a":1}', signature: 'abc' },
      { url: '/moved', body: '{"a":1}', signature: 'abc' },
    ]);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
});
