import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { end, run, type Server, serve } from './stockfold.ts';

const folder = mkdtempSync(join(tmpdir(), 'stockfold-serve-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text?: string): string => {
  const path = join(folder, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};

const ORGANIZATION = '7c1ad2a0-5f0f-11ec-bf63-0242ac130002';
const PRODUCT = '65314d7e-5f0f-11ec-bf63-0242ac130002';
const VARIANT = '78194842-5f0f-11ec-bf63-0242ac130002';
const TOKENS = JSON.stringify([
  { token: 'a-token-of-the-shop', organizationUuid: ORGANIZATION, scopes: ['READ:PRODUCT', 'WRITE:PRODUCT'] },
  { token: 'a-token-for-looking', organizationUuid: ORGANIZATION, scopes: ['READ:PRODUCT'] },
]);

/** Sends JSON with a token and gives the status and the body. */
async function send({ url }: Server, token: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

type LocationRow = { type: string; uuid: string };

async function locationsOf(server: Server, token: string): Promise<Record<string, string>> {
  const { body } = await send(server, token, 'GET', '/organizations/self/locations');
  return Object.fromEntries((body as LocationRow[]).map(({ type, uuid }) => [type, uuid]));
}

describe('a server', () => {
  it('keeps what it acknowledged over kill -9', async () => {
    const args = ['--db', file('kill.db'), '--tokens', file('tokens.json', TOKENS)];
    const token = 'a-token-of-the-shop';
    const first = await serve(...args);
    const { STORE, SUPPLIER } = await locationsOf(first, token);
    const move = (server: Server, change: number, location?: string) =>
      send(server, token, 'POST', '/organizations/self/v2/inventory/bulk', {
        returnBalanceForLocationUuid: location,
        productChanges: [
          {
            productUuid: PRODUCT,
            trackingStatusChange: 'START_TRACKING',
            variantChanges: [{ variantUuid: VARIANT, fromLocationUuid: SUPPLIER, toLocationUuid: STORE, change }],
          },
        ],
      });
    expect(await move(first, 42)).toMatchObject({ status: 200, body: { variants: [{ balance: 42 }] } });
    expect(await end(first, 'SIGKILL')).toBe('SIGKILL');

    const second = await serve(...args);
    const started = await send(second, token, 'POST', '/organizations/self/inventory', { productUuid: PRODUCT });
    expect(started.body).toMatchObject({ locationUuid: STORE, variants: [{ variantUuid: VARIANT, balance: 42 }] });
    expect(await move(second, 1, SUPPLIER)).toMatchObject({ status: 200, body: { variants: [{ balance: -43 }] } });
    expect(await end(second, 'SIGTERM')).toBe(0);
  });

  it('serves a token what its scopes allow, and nobody without one', async () => {
    const server = await serve('--db', ':memory:', '--tokens', file('scopes.json', TOKENS));
    const start = (token: string) =>
      send(server, token, 'POST', '/organizations/self/inventory', { productUuid: PRODUCT });
    expect((await start('a-token-for-looking')).status).toBe(403);
    expect((await start('another-token-of-nobody')).status).toBe(401);
    expect((await start('a-token-of-the-shop')).status).toBe(200);
    expect(await end(server, 'SIGINT')).toBe(0);
  });

  it('without a tokens file makes one token and prints it, and is never open', async () => {
    const server = await serve('--db', ':memory:');
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const [, token = ''] = /token of this run: (\S+)\n/.exec(server.greeting) ?? [];
    expect((await fetch(`${server.url}/organizations/self/locations`)).status).toBe(401);
    expect(Object.keys(await locationsOf(server, token))).toEqual(['STORE', 'SUPPLIER', 'SOLD', 'BIN']);
    expect(await end(server, 'SIGTERM')).toBe(0);
  });

  it('gives a shop that moves here the locations its clients know', async () => {
    const systemLocations = {
      STORE: '89ac1e4a-5f0f-11ec-bf63-0242ac130002',
      SUPPLIER: '9a51f5de-5f0f-11ec-bf63-0242ac130002',
      SOLD: '92646e02-5f0f-11ec-bf63-0242ac130002',
      BIN: 'a1c6c4f2-5f0f-11ec-bf63-0242ac130002',
    };
    const [entry] = JSON.parse(TOKENS);
    const server = await serve(
      '--db',
      ':memory:',
      '--tokens',
      file('moved.json', JSON.stringify([{ ...entry, systemLocations }])),
    );
    expect(await locationsOf(server, entry.token)).toEqual(systemLocations);
    expect(await end(server, 'SIGTERM')).toBe(0);
  });
});

describe('a server that is asked to end', () => {
  it.each([
    ['nothing', ''],
    ['half a request', 'PUT /organizations/self/inventory HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{'],
  ])('does not wait for ever for a client that has sent %s', async (_, sent) => {
    const server = await serve('--db', ':memory:');
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    socket.write(sent);
    expect(await end(server, 'SIGTERM')).toBe(0);
    socket.destroy();
  });
});

describe('a server with floors', () => {
  it('sells what there is, and no more', async () => {
    const [entry] = JSON.parse(TOKENS);
    const tokens = file('floors.json', JSON.stringify([{ ...entry, floors: { STORE: 0 } }]));
    const server = await serve('--db', ':memory:', '--tokens', tokens);
    const { STORE, SUPPLIER, SOLD } = await locationsOf(server, entry.token);
    const move = (fromLocationUuid: unknown, toLocationUuid: unknown, change: number) =>
      send(server, entry.token, 'POST', '/organizations/self/v2/inventory/bulk', {
        productChanges: [
          {
            productUuid: PRODUCT,
            trackingStatusChange: 'START_TRACKING',
            variantChanges: [{ variantUuid: VARIANT, fromLocationUuid, toLocationUuid, change }],
          },
        ],
      });
    expect((await move(SUPPLIER, STORE, 7)).status).toBe(200);
    expect(await move(STORE, SOLD, 8)).toMatchObject({ status: 422, body: { errorType: 'INSUFFICIENT_STOCK' } });
    expect(await move(STORE, SOLD, 7)).toMatchObject({ status: 200, body: { variants: [{ balance: 0 }] } });
    expect(await end(server, 'SIGTERM')).toBe(0);
  });

  it('does not start with other locations than the organization has', async () => {
    const db = file('other.db');
    const [entry] = JSON.parse(TOKENS);
    const server = await serve('--db', db, '--tokens', file('first.json', JSON.stringify([entry])));
    await send(server, entry.token, 'POST', '/organizations/self/inventory', { productUuid: PRODUCT });
    await end(server, 'SIGTERM');
    const systemLocations = { STORE: PRODUCT, SUPPLIER: VARIANT, SOLD: ORGANIZATION, BIN: PRODUCT.replace('6', '7') };
    const tokens = file('second.json', JSON.stringify([{ ...entry, systemLocations }]));
    const { code, stderr } = await run('serve', '--port', '0', '--db', db, '--tokens', tokens);
    expect(stderr).toMatch(/has other system locations already/);
    expect(code).toBe(1);
  });

  it('a port that another program has, and says what to give instead', async () => {
    const other = await serve('--db', ':memory:');
    const { code, stderr } = await run('serve', '--db', ':memory:', '--port', new URL(other.url).port);
    expect(stderr).toMatch(/EADDRINUSE.*give another --port; 0 takes a free one/);
    expect(code).toBe(1);
    await end(other, 'SIGTERM');
  });
});

describe('stockfold --help', () => {
  it('says how it ends, and with what to begin', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Exit codes:\n {2}0 .*\n {2}1 /);
    expect(stdout).toContain('stockfold serve --db stock.db');
    // What is not a terminal gets no colours.
    expect(stdout).not.toContain('\u001b');
  });
});

describe('stockfold serve --public-url', () => {
  it('begins the addresses in its answers with it', async () => {
    const server = await serve(
      '--db',
      ':memory:',
      '--public-url',
      'https://stock.example/api',
      '--tokens',
      file('url.json', TOKENS),
    );
    const response = await fetch(`${server.url}/v3/inventories`, {
      method: 'POST',
      headers: { authorization: 'Bearer a-token-of-the-shop', 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Stall' }),
    });
    expect(response.headers.get('location')).toMatch(/^https:\/\/stock\.example\/api\/v3\/inventories\/[0-9a-f-]{36}$/);
    await end(server, 'SIGTERM');
  });
});

describe('a server that cannot start says why, in a line, and exits with 1', () => {
  it.each([
    [
      'tokens that are not there',
      ['--tokens', file('none.json')],
      /--tokens .*none\.json: it cannot be read \(ENOENT\)/,
    ],
    ['tokens that are no JSON', ['--tokens', file('text.json', 'token')], /it is not JSON/],
    ['an empty list of tokens', ['--tokens', file('empty.json', '[]')], /names no token/],
    [
      'an organization that is no UUID',
      ['--tokens', file('uuid.json', TOKENS.replace(ORGANIZATION, 'shop'))],
      /entry 0\.organizationUuid is not a UUID/,
    ],
    [
      'one location for two types',
      [
        '--tokens',
        file(
          'same.json',
          JSON.stringify([
            {
              ...JSON.parse(TOKENS)[0],
              systemLocations: { STORE: PRODUCT, SUPPLIER: PRODUCT, SOLD: VARIANT, BIN: ORGANIZATION },
            },
          ]),
        ),
      ],
      /names a location twice/,
    ],
    [
      'a token twice',
      ['--tokens', file('twice.json', TOKENS.replace('a-token-for-looking', 'a-token-of-the-shop'))],
      /names a token twice/,
    ],
    [
      'a token with a space',
      ['--tokens', file('space.json', TOKENS.replace('a-token-for', 'a token for'))],
      /has a character that no bearer token has/,
    ],
    [
      'no scopes',
      ['--tokens', file('scopeless.json', TOKENS.replace('["READ:PRODUCT"]', '[]'))],
      /scopes allows nothing/,
    ],
    [
      'a scope that is none',
      ['--tokens', file('scope.json', TOKENS.replace('READ:', 'READ-'))],
      /entry 0\.scopes\.0 should be/,
    ],
    [
      'a file that is no database',
      ['--db', file('text.db', 'this is no database, it is text. '.repeat(64))],
      /--db .*StoreFailed/,
    ],
    ['a folder that is not there', ['--db', join(folder, 'no', 'where.db')], /--db .*could not be opened/],
    ['an empty name of a database', ['--db', ''], /--db is empty/],
    // Node would listen on every address of the machine.
    ['an empty address', ['--host', ''], /--host is empty/],
    ['a port that is none', ['--port', '70000'], /a port is a number from 0 to 65535/],
    ['an address of another machine', ['--host', '192.0.2.1'], /cannot listen there .*an address of this machine/],
    ['a public address that is none', ['--public-url', 'stock.example'], /--public-url: give an address/],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await run('serve', '--port', '0', ...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(code).toBe(1);
  });
});
