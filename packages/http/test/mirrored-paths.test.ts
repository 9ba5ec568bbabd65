import { readFileSync } from 'node:fs';
import { restock, sale, startTracking, stopTracking } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { describe, expect, it } from 'vitest';
import { coveredAnswers, documentedAnswers, readContract } from './contract.ts';
import { CONVERSATIONS, type Conversation, KETTLE, TEAPOT } from './conversations.ts';
import { LOCATIONS, openStockedWorld, openWorld, STORE, type World } from './world.ts';

async function openFor({ opening = [], stopped = [] }: Partial<Conversation>, ...args: Parameters<typeof openWorld>) {
  const world = openWorld(...args);
  const { execute, newId } = world.ledger;
  for (const [variant, quantity] of opening) {
    // A variant that holds nothing has moved all the same.
    const lines = [restock('STORE', variant, Math.max(quantity, 1))];
    if (quantity === 0) lines.push({ ...variant, from: 'STORE', to: 'SUPPLIER', quantity: 1 });
    const tracking = [startTracking(variant.productId)];
    const done = await execute({ kind: 'RecordMovements', id: newId(), tracking, lines });
    if (done.isErr()) throw new Error(done.error.kind);
  }
  const tracking = stopped.map(variant => stopTracking(variant.productId));
  if (tracking.length > 0) await execute({ kind: 'RecordMovements', id: newId(), tracking });
  return world;
}

/** An answer of v1 or v2 as the host says that its balances are written; v3 has numbers. */
function written(path: string, answer: unknown, balances: 'number' | 'string'): unknown {
  if (balances === 'number' || path.startsWith('/v3/')) return answer;
  return JSON.parse(JSON.stringify(answer, (key, value) => (key === 'balance' ? String(value) : value)));
}

describe.each([
  ['memory', 'number', () => createMemoryStore()],
  ['SQLite', 'number', () => createSqliteStore({ path: ':memory:' })],
  ['memory', 'string', () => createMemoryStore()],
] as const)('a client of the mirrored API, over %s, with balances as a %s', (_, balances, openStore) => {
  it.each(CONVERSATIONS.map(conversation => [conversation.name, conversation] as const))('%s', async (_, talk) => {
    const { send, ledger } = await openFor(talk, openStore(), { balances });
    for (const { method, path, body, status, answer = null } of talk.exchanges) {
      const sent = await send(method, path, body);
      expect(sent.status, `${method} ${path}: ${JSON.stringify(sent.body)}`).toBe(status);
      if (status < 300) expect(sent.body, `${method} ${path}`).toEqual(written(path, answer, balances));
      else expect(sent.body, `${method} ${path}`).toMatchObject(answer as object);
    }
    expect((await ledger.verify())._unsafeUnwrap().ok).toBe(true);
  });
});

// Reads whose question is a body: they need no key, and are never a replay.
const ASKED_BY_POST = /\/inventory\/products\/?$|\/v3\/products\/status$/;

describe('a client of the mirrored API that sends each request twice, under one key', () => {
  it.each(CONVERSATIONS.map(conversation => [conversation.name, conversation] as const))('%s', async (_, talk) => {
    const { send, ledger } = await openFor(talk);
    for (const [index, { method, path, body, status }] of talk.exchanges.entries()) {
      const key = { 'idempotency-key': `request-${index}` };
      const first = await send(method, path, body, key);
      const { asOf } = (await ledger.journal({ limit: 1 }))._unsafeUnwrap();
      const again = await send(method, path, body, key);
      const isWrite = method !== 'GET' && !ASKED_BY_POST.test(path) && status < 300;
      expect(again, `${method} ${path}`).toMatchObject({ status, body: first.body });
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
      expect(again.headers.get('idempotency-replayed'), `${method} ${path}`).toBe(isWrite ? 'true' : null);
      expect((await ledger.journal({ limit: 1 }))._unsafeUnwrap().asOf).toBe(asOf);
    }
  });
});

describe('balances', () => {
  it('are text where the host says so, in v1 and v2, and never in v3', async () => {
    const { send } = await openFor({ opening: [[TEAPOT, 42]] }, undefined, { balances: 'string' });
    const text = { variants: [{ balance: '42' }] };
    expect((await send('GET', '/inventory')).body).toMatchObject(text);
    const one = `/organizations/self/inventory/locations/${STORE}/products/${TEAPOT.productId}`;
    expect((await send('GET', one)).body).toMatchObject(text);
    const start = await send('POST', '/organizations/self/inventory', { productUuid: TEAPOT.productId });
    expect(start.body).toMatchObject(text);
    expect((await send('GET', '/v3/stock')).body).toMatchObject([{ balance: 42 }]);
  });

  it('of 2,500 variants come in one answer, as of one moment', async () => {
    const { send, ledger } = await openFor({ opening: [[TEAPOT, 1]] });
    const number = (index: number) => `d1000001-77aa-11ec-90d6-${String(index).padStart(12, '0')}`;
    for (const start of [0, 1_000, 2_000]) {
      const lines = Array.from({ length: start === 2_000 ? 499 : 1_000 }, (_, index) =>
        restock('STORE', { productId: TEAPOT.productId, variantId: number(start + index) }, 1),
      );
      await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines });
    }
    const { body } = await send('GET', '/inventory');
    expect((body as { variants: unknown[] }).variants).toHaveLength(2_500);
  });

  it('as they were are asked for with the sequence of a record', async () => {
    const { send, ledger } = await openFor({ opening: [[TEAPOT, 42]] });
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines: [sale('STORE', TEAPOT, 2)] });
    expect((await send('GET', '/inventory?asOf=1')).body).toMatchObject({ variants: [{ balance: 42 }] });
    expect((await send('GET', '/inventory')).body).toMatchObject({ variants: [{ balance: 40 }] });
  });
});

describe('low stock', () => {
  it('is not sent again to a client that has it', async () => {
    const { send } = await openFor({ opening: [[TEAPOT, 1]] });
    const path = `/custom-low-stock/v2/locations/${STORE}`;
    const first = await send('GET', path);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^(W\/)?"\w+"$/);
    const again = await send('GET', path, undefined, { 'if-none-match': etag });
    expect(again).toMatchObject({ status: 304, body: null });
    const rule = { productUuid: TEAPOT.productId, variantUuid: TEAPOT.variantId, lowStockLevel: 1 };
    await send('PUT', `/custom-low-stock/locations/${STORE}`, rule);
    const changed = await send('GET', path, undefined, { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
    const ofProduct = `${path}/products/${TEAPOT.productId}`;
    const tag = (await send('GET', ofProduct)).headers.get('etag') ?? '';
    expect((await send('GET', ofProduct, undefined, { 'if-none-match': tag })).status).toBe(304);
  });

  it('moves nothing, and is in the journal', async () => {
    const { send, ledger } = await openFor({ opening: [[TEAPOT, 1]] });
    const rule = { productUuid: TEAPOT.productId, variantUuid: TEAPOT.variantId, lowStockAlert: true };
    await send('PUT', `/custom-low-stock/locations/${STORE}`, rule);
    const [record] = (await ledger.journal({ after: 1 }))._unsafeUnwrap().items;
    expect(record?.events).toMatchObject([{ kind: 'LowStockSet', rules: [{ level: null, alert: true }] }]);
  });
});

describe('history', () => {
  const path = `/organizations/self/history/locations/${STORE}`;

  it('shows what came and went, the newest first, and restocks alone when asked for', async () => {
    const { send, ledger } = await openFor({ opening: [[TEAPOT, 9]] });
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines: [sale('STORE', TEAPOT, 2)] });
    const named = { productUuid: TEAPOT.productId, variantUuid: TEAPOT.variantId };
    const all = await send('GET', path);
    expect(all.body).toMatchObject({
      variants: [
        { ...named, change: '-2.0' },
        { ...named, change: '9.0' },
      ],
    });
    const restocks = await send('GET', `${path}?balanceChangeType=RESTOCK`);
    expect(restocks.body).toMatchObject({ variants: [{ ...named, change: '9.0' }] });
    const sold = await send(
      'GET',
      `/organizations/self/history/locations/${LOCATIONS.SOLD}/?balanceChangeType=RESTOCK`,
    );
    expect(sold.body).toEqual({ variants: [] });
  });

  it('goes back 1,000 records at a time', async () => {
    const { send, ledger } = await openFor({ opening: [[TEAPOT, 9]] });
    const sales = Array.from({ length: 1_500 }, () => ({
      kind: 'RecordMovements' as const,
      id: ledger.newId(),
      lines: [sale('STORE', TEAPOT, 1)],
    }));
    await ledger.executeAll(sales);
    const first = await send('GET', path);
    expect((first.body as { variants: unknown[] }).variants).toHaveLength(1_000);
    const rest = await send('GET', nextOf(first) ?? '');
    expect((rest.body as { variants: unknown[] }).variants).toHaveLength(501);
    expect(nextOf(rest)).toBeNull();
  });
});

describe('v3', () => {
  it('gives its pages by Link, until there is none', async () => {
    const opening = [TEAPOT, KETTLE].map(variant => [variant, 5] as const);
    const { send } = await openFor({ opening });
    for (const path of ['/v3/stock?limit=1', `/v3/stock/${STORE}?limit=1`, '/v3/products?limit=1']) {
      const first = await send('GET', path);
      expect(first.body).toMatchObject([{ productUuid: TEAPOT.productId }]);
      const second = await send('GET', nextOf(first) ?? '');
      expect(second.body).toMatchObject([{ productUuid: KETTLE.productId }]);
      expect(nextOf(second)).toBeNull();
    }
  });

  it('opens another inventory, says where it is, and keeps its stock apart', async () => {
    const { send } = await openFor({ opening: [[TEAPOT, 5]] });
    const opened = await send('POST', '/v3/inventories', { name: 'Market stall' });
    const pathname = opened.headers.get('location') ?? '';
    const stall = (await send('GET', pathname)).body as { inventoryUuid: string };
    expect(stall).toMatchObject({ inventoryType: 'STORE', name: 'Market stall', defaultInventory: false });
    const { productId: productUuid, variantId: variantUuid } = TEAPOT;
    const movement = { productUuid, variantUuid, from: STORE, to: stall.inventoryUuid, change: 2 };
    await send('POST', '/v3/movements', { movements: [movement] });
    const stock = (await send('GET', '/v3/stock')).body as { inventoryUuid: string; balance: number }[];
    expect(new Map(stock.map(row => [row.inventoryUuid, row.balance]))).toEqual(
      new Map([
        [STORE, 3],
        [stall.inventoryUuid, 2],
      ]),
    );
    expect(((await send('GET', '/v3/inventories')).body as unknown[]).length).toBe(5);
  });
});

const OWN =
  /\/organizations\/\{organization\}\/(policy|holds|availability|movements|ledger|subscriptions|counts|late-movements|effective-balances|diff)|\/\{location\}\/variants\/|\/preview /;

describe('an address in an answer', () => {
  const askFrom = async (host: string, publicUrl?: string) => {
    const { handler, ledger } = await openStockedWorld(createMemoryStore(), {}, { publicUrl });
    const headers = { authorization: 'Bearer writer', 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'Stall' });
    const page = await handler(new Request(`${host}/v3/stock?limit=1`, { headers }));
    const opened = await handler(new Request(`${host}/v3/inventories`, { method: 'POST', headers, body }));
    const stall = (await ledger.locations())._unsafeUnwrap().at(-1)?.id;
    return { link: page.headers.get('link'), location: opened.headers.get('location'), stall };
  };

  it('does not repeat the host that the request named', async () => {
    const { link, location, stall } = await askFrom('http://elsewhere.test');
    expect(link).toMatch(/^<\/v3\/stock\?cursor=[^&]+&limit=1>; rel="next"$/);
    expect(location).toBe(`/v3/inventories/${stall}`);
  });

  it('begins with the address that the host has given', async () => {
    const { link, location, stall } = await askFrom('http://elsewhere.test', 'https://stock.example/api');
    expect(link).toMatch(/^<https:\/\/stock\.example\/api\/v3\/stock\?cursor=/);
    expect(location).toBe(`https://stock.example/api/v3/inventories/${stall}`);
  });

  it.each(['stock.example', 'ftp://stock.example', 'https://stock.example/', 'https://a.b/?c', 'https://>; rel=x', ''])(
    'takes no address that is none: %s',
    publicUrl => expect(() => openWorld(undefined, {}, { publicUrl })).toThrow(TypeError),
  );
});

describe('what is documented', () => {
  it('was answered by some test of this file, every operation with every status that it names', async () => {
    const { handler } = openWorld();
    const documented = documentedAnswers(await readContract(handler))
      .filter(answer => !answer.endsWith('default'))
      // What goes beyond the mirrored API has files of its own.
      .filter(answer => !OWN.test(answer));
    expect(documented.filter(answer => !coveredAnswers().has(answer))).toEqual([]);
    expect(documented.length).toBeGreaterThan(25);
  });

  it('is in the guide path by path: what it calls mirrored is served, and nothing else of the mirrored API is', async () => {
    const { paths } = await readContract(openWorld().handler);
    const served = Object.entries(paths)
      .flatMap(([path, methods]) => Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`))
      .filter(operation => !OWN.test(`${operation} `));
    const rows = readFileSync(GUIDE, 'utf8').matchAll(/^\| (`[^|]+) \| (mirrored|left out)/gm);
    const told = { mirrored: [] as string[], 'left out': [] as string[] };
    for (const [, cell = '', how] of rows) told[how as keyof typeof told].push(...operationsIn(cell));
    expect(told.mirrored.map(withoutNames).sort()).toEqual(served.map(withoutNames).sort());
    expect(told['left out'].filter(operation => served.map(withoutNames).includes(withoutNames(operation)))).toEqual(
      [],
    );
    expect(told['left out'].length).toBeGreaterThan(5);
  });

  it('is a page without a script, and without anything from elsewhere', async () => {
    const { handler } = openWorld();
    const response = await handler(new Request('http://stock.test/docs'));
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).toContain('PUT /organizations/{organization}/inventory');
    expect(page).not.toMatch(/<script|<link|<img|https?:|@import/);
  });
});

const GUIDE = new URL('../../../docs/guides/zettle-paths.md', import.meta.url);

/** `PUT`, `POST /a/{b}`, `…/c`: every operation that a cell names. Without a method it goes on from the first path of the cell. */
function operationsIn(cell: string): readonly string[] {
  const operations: string[] = [];
  let methods: string[] = [];
  let first: string | undefined;
  for (const [, span = ''] of cell.matchAll(/`([^`]+)`/g)) {
    const [, method, rest = ''] = /^(?:([A-Z]+)(?: |$))?(.*)$/.exec(span) ?? [];
    if (method !== undefined) methods.push(method);
    if (rest === '') continue;
    const [path = ''] = rest.replace('…', method === undefined ? (first ?? '') : '/organizations/{org}').split('?');
    first ??= path;
    operations.push(...methods.map(each => `${each} ${path}`));
    // The next path has methods of its own, or those of this one.
    methods = cell.slice(cell.indexOf(`\`${span}\``) + span.length + 2).startsWith(', `…') ? methods : [];
  }
  return operations;
}

function withoutNames(operation: string): string {
  return operation.replace(/\{\w+\}/g, '{}');
}

function nextOf({ headers }: Awaited<ReturnType<World['send']>>): string | null {
  const [, address] = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '') ?? [];
  return address ?? null;
}
