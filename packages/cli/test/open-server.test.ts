import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { openServer } from '../src/open-server.ts';

it('a client that does not take its answer loses its socket, and the answer ends', async () => {
  let ended: () => void = () => undefined;
  const isEnded = new Promise<void>(resolve => {
    ended = resolve;
  });
  const block = new Uint8Array(1024 * 1024);
  const endless = () => new ReadableStream({ pull: controller => controller.enqueue(block), cancel: () => ended() });
  const server = openServer(async () => new Response(endless()), { idleMs: 500 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => undefined);
  client.pause();
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [socket] = await once(server, 'connection');
  await once(socket, 'close');
  await isEnded;
  expect(socket.bytesWritten).toBeGreaterThan(0);
  client.destroy();
  server.close();
  await once(server, 'close');
}, 20_000);
