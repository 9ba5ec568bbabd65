import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { end, type Server, serve } from './stockfold.ts';

const SOCKETS = 500;

// Each stops at another point: before the headers end, or in the middle of a body that was announced.
const BEGINNINGS = [
  'GET /inventory HTTP/1.1\r\nHost: x\r\n',
  'PUT /organizations/self/inventory HTTP/1.1\r\nHost: x\r\nX-Slow: ',
  'PUT /organizations/self/inventory HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"ch',
  'POST /organizations/self/inventory HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"p',
];

async function openSlow({ url }: Server, token: string, index: number): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const beginning = BEGINNINGS[index % BEGINNINGS.length] ?? '';
  socket.write(beginning.replace('Host: x', `Host: x\r\nAuthorization: Bearer ${token}`));
  return socket;
}

it(`${SOCKETS} clients that stop in the middle of a request keep nobody else waiting`, async () => {
  const server = await serve('--db', ':memory:');
  const token = /token of this run: (\S+)/.exec(server.greeting)?.[1] ?? '';
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, (_, index) => openSlow(server, token, index)));
  // All of them are there, and wait, while others are served.
  expect(sockets.filter(socket => socket.destroyed)).toEqual([]);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const product = { productUuid: '65314d7e-5f0f-11ec-bf63-0242ac130002' };
  const started = await fetch(`${server.url}/organizations/self/inventory`, {
    method: 'POST',
    headers,
    body: JSON.stringify(product),
  });
  expect(started.status).toBe(200);
  for (let read = 0; read < 100; read++) {
    const response = await fetch(`${server.url}/inventory`, { headers });
    expect(await response.json()).toMatchObject({ trackedProducts: [product.productUuid] });
  }
  for (const socket of sockets) socket.destroy();
  expect(await end(server, 'SIGTERM')).toBe(0);
});
