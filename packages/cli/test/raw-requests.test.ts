import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INVENTORY, mug } from '../../http/test/bad-input.ts';
import { openStockedWorld, type World } from '../../http/test/world.ts';
import { openServer } from '../src/open-server.ts';

const BODY = JSON.stringify({ changes: [mug] });
const LENGTH = `Content-Length: ${BODY.length}\r\n`;
const COMMON = 'Authorization: Bearer writer\r\nContent-Type: application/json\r\n';

/** A PUT that would move a mug, with these lines among its headers. */
const put = (lines: string, target: string = INVENTORY, body: string = BODY) =>
  `PUT ${target} HTTP/1.1\r\n${COMMON}${lines}\r\n${body}`;

/** What is sent, and the status that comes back; null for a socket that is closed without a word. */
type Row = readonly [what: string, sent: string, status: number | null];

const REFUSED: readonly Row[] = [
  ['two hosts', put(`Host: x\r\nHost: y\r\n${LENGTH}`), 400],
  ['the same host twice', put(`Host: x\r\nHOST: x\r\n${LENGTH}`), 400],
  ['two hosts and an absolute address', put(`Host: x\r\nHost: y\r\n${LENGTH}`, `http://x${INVENTORY}`), 400],
  ['no host', put(LENGTH), 400],
  ['an empty host', put(`Host:\r\n${LENGTH}`), 400],
  ['a host that is none', put(`Host: x/../y\r\n${LENGTH}`), 400],
  ['a host with a user', put(`Host: u:p@x\r\n${LENGTH}`), 400],
  ['an address of another scheme', put(`Host: x\r\n${LENGTH}`, 'ftp://x/inventory'), 400],
  ['an address that is none', put(`Host: x\r\n${LENGTH}`, 'http://'), 400],
  ['a path without its slash', put(`Host: x\r\n${LENGTH}`, 'inventory'), 400],
  ['a path with a backslash', put(`Host: x\r\n${LENGTH}`, '/\\organizations/self/inventory'), 400],
  ['a path with two slashes', put(`Host: x\r\n${LENGTH}`, `/${INVENTORY}`), 404],
  ['a path with a NUL', put(`Host: x\r\n${LENGTH}`, `${INVENTORY}\0`), 400],
  ['an address of 20 KB', put(`Host: x\r\n${LENGTH}`, `${INVENTORY}?${'x'.repeat(20_000)}`), 431],
  ['two lengths', put(`Host: x\r\nContent-Length: 5\r\n${LENGTH}`), 400],
  ['a length and chunks', put(`Host: x\r\nTransfer-Encoding: chunked\r\n${LENGTH}`), 400],
  ['a length with a sign', put(`Host: x\r\nContent-Length: +${BODY.length}\r\n`), 400],
  ['a list of lengths', put(`Host: x\r\nContent-Length: ${BODY.length}, ${BODY.length}\r\n`), 400],
  ['chunks that are not the last coding', put('Host: x\r\nTransfer-Encoding: chunked, gzip\r\n'), 400],
  ['an unknown coding', put('Host: x\r\nTransfer-Encoding: x\r\n'), 400],
  ['a size of a chunk that is none', put('Host: x\r\nTransfer-Encoding: chunked\r\n', INVENTORY, 'zz\r\n'), 400],
  [
    'a chunk extension of 20 KB',
    put('Host: x\r\nTransfer-Encoding: chunked\r\n', INVENTORY, `5;${'a'.repeat(20_000)}\r\n`),
    413,
  ],
  ['a space before the colon', put(`Host: x\r\nX-A : b\r\n${LENGTH}`), 400],
  ['a line feed alone', put(`Host: x\r\n${LENGTH}`).replaceAll('\r\n', '\n'), 400],
  ['a folded header', put(`Host: x\r\nX-A: b\r\n c\r\n${LENGTH}`), 400],
  ['a NUL in a header', put(`Host: x\r\nX-A: b\0\r\n${LENGTH}`), 400],
  ['a header of 20 KB', put(`Host: x\r\nX-A: ${'b'.repeat(20_000)}\r\n${LENGTH}`), 431],
  ['an expectation that is none', put(`Host: x\r\nExpect: foo\r\n${LENGTH}`), 417],
  ['two tokens', put(`Host: x\r\nAuthorization: Bearer reader\r\n${LENGTH}`), 401],
  ['two media types', put(`Host: x\r\nContent-Type: text/plain\r\n${LENGTH}`), 415],
  ['two idempotency keys', put(`Host: x\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n${LENGTH}`), 400],
  ['the beginning of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['a tunnel', 'CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n', null],
  ['TRACE', 'TRACE /inventory HTTP/1.1\r\nHost: x\r\n\r\n', 405],
  ['a method in lower case', put(`Host: x\r\n${LENGTH}`).replace('PUT', 'put'), 400],
];

let world: World;
let server: Server;
beforeAll(async () => {
  world = await openStockedWorld();
  server = openServer(world.handler, { headersMs: 600, requestMs: 1_200 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

/** Sends bytes, and gives all that came back until nothing more was to be said. */
async function say(sent: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  let heard = '';
  socket.on('data', piece => {
    heard += piece;
    if (isWhole(heard)) socket.destroy();
  });
  socket.write(sent, 'latin1');
  await once(socket, 'close');
  return heard;
}

function isWhole(heard: string): boolean {
  const [head = '', body] = heard.split('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (body === undefined) return false;
  return /transfer-encoding/i.test(head) ? heard.endsWith('\r\n0\r\n\r\n') : body.length >= length;
}

const statusOf = (heard: string): number | null => (heard === '' ? null : Number(heard.split(' ')[1]));

it('what is sent as it should be is done, also by its absolute address', async () => {
  const before = await world.state();
  expect(statusOf(await say(put(`Host: x\r\n${LENGTH}`)))).toBe(200);
  expect(statusOf(await say(put(`Host: x\r\n${LENGTH}`, `http://x${INVENTORY}`)))).toBe(200);
  expect(await world.state()).not.toBe(before);
});

describe('on a socket, a request changes nothing that has', () => {
  it.each(REFUSED)('%s', async (_, sent, status) => {
    const before = await world.state();
    const heard = await say(sent);
    expect(statusOf(heard)).toBe(status);
    expect(heard).not.toMatch(/ {4}at |node_modules|\.ts:/);
    expect(await world.state()).toBe(before);
  });
});

it('what names no address of the server is answered as every other problem', async () => {
  for (const [lines, errorType] of [
    ['Host: x\r\nHost: y\r\n', 'INVALID_HOST'],
    ['Host: x/../y\r\n', 'INVALID_URL'],
  ]) {
    const heard = await say(put(`${lines}${LENGTH}`));
    expect(heard).toMatch(/x-content-type-options: nosniff/i);
    expect(heard).toContain(`"errorType":"${errorType}","violations":[]`);
  }
});

it.each([
  ['headers', 'PUT /inventory HTTP/1.1\r\nHost: x\r\n'],
  ['body', put(`Host: x\r\nContent-Length: ${BODY.length + 1}\r\n`)],
])(
  'a client that is slow with its %s is answered 408 after the limit, and not half a minute later',
  async (_, sent) => {
    const startedAt = performance.now();
    expect(statusOf(await say(sent))).toBe(408);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  },
);
