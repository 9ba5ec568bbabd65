import { EventEmitter, once } from 'node:events';
import { createServer, type RequestListener, request as send } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { createHttpHandler, type HttpHandlerOptions } from '@stockfold/http';
import { afterEach, describe, expect, it } from 'vitest';
import { INVENTORY, mug } from './bad-input.ts';
import { ORGANIZATION, openStockedWorld } from './world.ts';

const MIB = 1024 * 1024;
const BODY = JSON.stringify({ changes: [mug] });

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

type Listen = Readonly<{ handling?: Partial<HttpHandlerOptions>; before?: RequestListener; isBodyless?: boolean }>;

/** A world under `@hono/node-server`; `before` is what the host does with Node's message first. */
async function listen({ handling = {}, before, isBodyless = false }: Listen = {}) {
  const world = await openStockedWorld();
  const scopes = ['READ:PRODUCT', 'WRITE:PRODUCT'];
  const handler = createHttpHandler({
    ledgerFor: () => world.ledger,
    authenticate: () => ({ organizationId: ORGANIZATION, scopes }),
    ...handling,
  });
  const listener = getRequestListener((request, platform) => {
    if (isBodyless) Object.defineProperty(request, 'body', { get: () => expect.unreachable('a web stream is made') });
    return handler(request, platform);
  });
  const server = createServer(async (request, response) => {
    await before?.(request, response);
    await listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { world, port: (server.address() as AddressInfo).port };
}

/** Sends pieces without saying how many there will be, and ends or does not. */
async function put(port: number, pieces: readonly (string | Buffer)[], isEnded = true): Promise<string> {
  const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
  const sent = send({ host: '127.0.0.1', port, path: INVENTORY, method: 'PUT', headers, agent: false });
  sent.on('error', () => undefined);
  for (const piece of pieces) sent.write(piece);
  if (isEnded) sent.end();
  const [response] = await once(sent, 'response');
  const answer = `${response.statusCode} ${await text(response)}`;
  sent.destroy();
  return answer;
}

it('a body is read from the message of Node where there is one, without a web stream', async () => {
  const { port } = await listen({ isBodyless: true });
  expect(await put(port, [BODY])).toMatch(/^200 .*"balance":237/);
  expect(await put(port, [...BODY])).toMatch(/^200 .*"balance":236/);
  expect(await put(port, [Buffer.from([0x22, 0xc3, 0x28, 0x22])])).toMatch(/^400 .*INVALID_ENCODING/);
});

it('a body is counted there too: 1 MiB is taken, and one byte more is not waited for to end', async () => {
  const { port } = await listen({ isBodyless: true });
  expect(await put(port, [BODY.padEnd(MIB)])).toMatch(/^200 /);
  expect(await put(port, [BODY.padEnd(MIB), ' '], false)).toMatch(/^413 .*BODY_TOO_LARGE/);
});

it.each<[string, Listen]>([
  ['looks at a copy', { handling: { authenticate: async request => signedIn(await request.clone().text()) } }],
  ['looks at the beginning of a copy', { handling: { authenticate: async request => signedIn(await begin(request)) } }],
  ['has read it already', { before: readBefore }],
])('a body is there for a host that %s', async (_, options) => {
  const { port } = await listen(options);
  expect(await put(port, [BODY.slice(0, 20), BODY.slice(20)])).toMatch(/^200 .*"balance":237/);
});

it('a body that the host gives itself is the one that counts', async () => {
  const { port } = await listen({ before: request => void Object.assign(request, { rawBody: Buffer.from(BODY) }) });
  expect(await put(port, ['{}'])).toMatch(/^200 .*"balance":237/);
});

describe('a client that goes away in the middle of its body changes nothing, and is no error', () => {
  const head = `PUT ${INVENTORY} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n`;

  it.each(['while it is read', 'before it is read'])('%s', async when => {
    const answered: number[] = [];
    const errors: unknown[] = [];
    const story = new EventEmitter();
    const reached = once(story, 'reached');
    const gone = once(story, 'gone');
    const authenticate = async () => {
      story.emit('reached');
      if (when === 'before it is read') await gone;
      return signedIn(head);
    };
    const onLog: HttpHandlerOptions['onLog'] = event => void ('status' in event && answered.push(Number(event.status)));
    const { world, port } = await listen({
      handling: { authenticate, onLog, onError: error => errors.push(error) },
      before: request => void request.on('close', () => story.emit('gone')),
    });
    const before = await world.state();
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write(`${head}${BODY}`);
    await reached;
    await setImmediate();
    socket.destroy();
    await expect.poll(() => answered, { timeout: 5_000 }).toEqual([500]);
    expect(errors).toEqual([]);
    expect(await world.state()).toBe(before);
  });
});

function signedIn(seen: string) {
  expect(seen).not.toBe('');
  return { organizationId: ORGANIZATION, scopes: ['READ:PRODUCT', 'WRITE:PRODUCT'] };
}

async function begin(request: Request): Promise<string> {
  const reader = request.clone().body?.getReader();
  return new TextDecoder().decode((await reader?.read())?.value);
}

/** As some platforms do before they call anybody. */
async function readBefore(request: Parameters<RequestListener>[0]): Promise<void> {
  Object.assign(request, { rawBody: Buffer.from(await text(request)) });
}
