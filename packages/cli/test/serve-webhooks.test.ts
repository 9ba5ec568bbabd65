import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isPublic, lookupPublic, sendWebhook, sendWithin } from '../src/send-webhook.ts';
import { end, MAIN, run, type Server, serve } from './stockfold.ts';

const folder = mkdtempSync(join(tmpdir(), 'stockfold-webhooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TOKEN = 'a-token-of-the-shop';
const ORGANIZATION = '7c1ad2a0-5f0f-11ec-bf63-0242ac130002';
const PRODUCT = '65314d7e-5f0f-11ec-bf63-0242ac130002';
const UUID = 'f02f80f8-8f35-11eb-8dcd-0242ac130003';

async function send({ url }: Server, method: string, path: string, body?: unknown, headers = {}) {
  const response = await fetch(`${url}/organizations/self/${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe('a server with webhooks', () => {
  it('goes on telling its subscribers after kill -9, and its streams end with it', async () => {
    const told: string[] = [];
    let hear: () => void = () => undefined;
    const hooks = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      told.push(JSON.parse(body).eventName);
      response.end();
      hear();
    });
    hooks.listen(0, '127.0.0.1');
    await once(hooks, 'listening');
    const origin = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}`;
    const heard = async (count: number) => {
      while (told.length < count)
        await new Promise<void>(resolve => {
          hear = resolve;
        });
    };
    const file = join(folder, 'webhooks.json');
    const tokens = join(folder, 'tokens.json');
    const scopes = ['READ:PRODUCT', 'WRITE:PRODUCT'];
    writeFileSync(tokens, JSON.stringify([{ token: TOKEN, organizationUuid: ORGANIZATION, scopes }]));
    const args = [
      '--db',
      join(folder, 'stock.db'),
      '--tokens',
      tokens,
      '--webhooks',
      file,
      '--webhook-destination',
      origin,
    ];
    const first = await serve(...args);
    const subscription = { uuid: UUID, transportName: 'WEBHOOK', destination: `${origin}/hook`, eventNames: [] };
    expect((await send(first, 'POST', 'subscriptions', subscription)).status).toBe(200);
    await send(first, 'POST', 'inventory', { productUuid: PRODUCT });
    await heard(2);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await end(first, 'SIGKILL')).toBe('SIGKILL');

    const second = await serve(...args);
    const stream = await fetch(`${second.url}/organizations/self/movements/stream`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const text = stream.text();
    await send(second, 'POST', 'inventory', { productUuid: PRODUCT });
    await heard(3);
    expect(told).toContain('TestMessage');
    expect(told.filter(name => name === 'InventoryTrackingStarted').length).toBeGreaterThanOrEqual(2);
    expect(await end(second, 'SIGTERM')).toBe(0);
    expect(await text).toMatch(/^id: 2\n/);
    hooks.closeAllConnections();
    hooks.close();
    await once(hooks, 'close');
  });

  it.each([
    ['no destination', ['--webhooks', join(folder, 'a.json')], /--webhooks needs --webhook-destination/],
    [
      'a destination that is no origin',
      ['--webhooks', join(folder, 'a.json'), '--webhook-destination', 'shop.example'],
      /a destination is allowed by its origin/,
    ],
    [
      'a file in no folder',
      ['--webhooks', join(folder, 'no', 'a.json'), '--webhook-destination', 'https://shop.example'],
      /it cannot be written/,
    ],
    [
      'a file of something else',
      ['--webhooks', join(folder, 'tokens.json'), '--webhook-destination', 'https://shop.example'],
      /it is no file of subscriptions/,
    ],
    ['an idempotency that is none', ['--idempotency', 'always'], /Allowed choices are header, externalUuid/],
  ])('does not start with %s', async (_, args, message) => {
    writeFileSync(join(folder, 'tokens.json'), '[{}]');
    const { code, stderr } = await run('serve', '--port', '0', '--db', ':memory:', ...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});

describe('a server that is told so', () => {
  it('takes an externalUuid for a key, and logs what it answered', async () => {
    const tokens = join(folder, 'log-tokens.json');
    const scopes = ['READ:PRODUCT', 'WRITE:PRODUCT'];
    writeFileSync(tokens, JSON.stringify([{ token: TOKEN, organizationUuid: ORGANIZATION, scopes }]));
    const args = ['--db', ':memory:', '--tokens', tokens, '--idempotency', 'externalUuid', '--log'];
    const child = spawn(process.execPath, [MAIN, 'serve', '--port', '0', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [greeting] = await once(child.stdout, 'data');
    const [url = ''] = /http:\/\/\S+/.exec(String(greeting)) ?? [];
    let lines = '';
    child.stdout.on('data', chunk => {
      lines += chunk;
    });
    const server = { child, url, greeting };
    const body = {
      externalUuid: UUID,
      productChanges: [{ productUuid: PRODUCT, trackingStatusChange: 'START_TRACKING' }],
    };
    for (const replayed of [null, 'true'])
      expect((await send(server, 'POST', 'v2/inventory/bulk', body)).headers.get('idempotency-replayed')).toBe(
        replayed,
      );
    const closed = once(child, 'close');
    expect(await end(server, 'SIGTERM')).toBe(0);
    await closed;
    const events = lines
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(events.map(({ kind, status, isReplay }) => [kind, status, isReplay])).toEqual([
      ['RequestAnswered', 200, false],
      ['RequestAnswered', 200, true],
    ]);
    expect(lines).not.toContain(TOKEN);
  });
});

describe('the sender of a server', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    'nowhere',
  ])('takes %s for no public address', address => {
    expect(isPublic(address)).toBe(false);
  });

  it.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])('takes %s for one', address => {
    expect(isPublic(address)).toBe(true);
  });

  it('does not follow a name to this machine', async () => {
    const looked = await new Promise(resolve => lookupPublic('localhost', {}, error => resolve(error?.message)));
    expect(looked).toMatch(/not on the public network/);
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const message = { headers: {}, body: '{}', signal: new AbortController().signal };
    await expect(sendWebhook({ ...message, destination: `http://localhost:${port}/` })).rejects.toThrow();
    expect(requests).toBe(0);
    expect(await sendWebhook({ ...message, destination: `http://127.0.0.1:${port}/` })).toBe(307);
    expect(requests).toBe(1);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it('listens to no answer without an end', async () => {
    const server = createServer((_, response) => {
      const drip = setInterval(() => response.write('and so on'), 20);
      response.on('close', () => clearInterval(drip)).writeHead(200);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const opened = once(server, 'connection');
    const destination = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { signal } = new AbortController();
    expect(await sendWithin(200)({ destination, headers: {}, body: '{}', signal })).toBe(200);
    const [socket] = await opened;
    if (!socket.closed) await once(socket, 'close');
    server.close();
    await once(server, 'close');
  }, 10_000);
});
