import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createLedger, restock, startTracking } from '@stockfold/core';
import { createHttpHandler, createHttpLedger, type HttpHandler } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import express from 'express';
import Fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { MUG } from './world.ts';

const open = () => {
  const ledger = createLedger({ store: createMemoryStore() });
  const scopes = ['READ:PRODUCT', 'WRITE:PRODUCT'];
  const handler = createHttpHandler({
    ledgerFor: () => ledger,
    authenticate: ({ headers }) =>
      headers.get('authorization') === 'Bearer secret' ? { organizationId: ledger.organizationId, scopes } : null,
  });
  return { ledger, handler };
};

let end: () => Promise<void> = async () => undefined;
afterEach(() => end());

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  end = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Each gives the address at which the API stands, and that of something else which the host serves itself. */
const MOUNTS: Readonly<Record<string, (handler: HttpHandler) => Promise<Readonly<{ api: string; own: string }>>>> = {
  '@hono/node-server': async handler => {
    const listener = getRequestListener(handler);
    const url = await listen(
      createServer(((request, response) => {
        if (request.url === '/own') response.end('own');
        else void listener(request, response);
      }) as RequestListener),
    );
    return { api: url, own: `${url}/own` };
  },
  Express: async handler => {
    const listener = getRequestListener(handler);
    const app = express();
    app.use('/stock', (request, response) => void listener(request, response));
    app.use(express.json());
    app.get('/own', (_, response) => void response.send('own'));
    const url = await listen(createServer(app));
    return { api: `${url}/stock`, own: `${url}/own` };
  },
  Fastify: async handler => {
    const listener = getRequestListener(handler);
    const app = Fastify();
    app.get('/own', () => 'own');
    await app.register(async scope => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
      scope.all('/stock/*', (request, reply) => {
        reply.hijack();
        request.raw.url = request.raw.url?.slice('/stock'.length);
        void listener(request.raw, reply.raw);
      });
    });
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    end = async () => {
      app.server.closeAllConnections();
      await app.close();
    };
    return { api: `${url}/stock`, own: `${url}/own` };
  },
};

describe.each(Object.entries(MOUNTS))('under %s', (_, mount) => {
  it('serves the API where it is mounted, and leaves the rest to the host', async () => {
    const { ledger, handler } = open();
    const { api, own } = await mount(handler);
    expect(await (await fetch(own)).text()).toBe('own');
    const remote = (await createHttpLedger({ url: api, token: 'secret' }))._unsafeUnwrap();
    const tracking = [startTracking(MUG.productId)];
    const command = {
      kind: 'RecordMovements',
      id: remote.newId(),
      tracking,
      lines: [restock('STORE', MUG, 3)],
    } as const;
    expect((await remote.execute(command))._unsafeUnwrap()).toMatchObject({ sequence: 1, replayed: false });
    expect((await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap().onHand).toBe(3);
    await remote.close();
  });

  it('answers a body as it was sent, refuses a large one, and streams', async () => {
    const { ledger, handler } = open();
    const { api } = await mount(handler);
    const headers = { authorization: 'Bearer secret', 'content-type': 'application/json' };
    const put = (body: string) => fetch(`${api}/organizations/self/inventory`, { method: 'PUT', headers, body });
    expect((await put('{')).status).toBe(400);
    expect((await put(JSON.stringify({ changes: [], x: 'x'.repeat(2 ** 20) }))).status).toBe(413);
    const stop = new AbortController();
    const stream = await fetch(`${api}/organizations/self/movements/stream`, { headers, signal: stop.signal });
    const reader = stream.body?.getReader();
    const piece = reader?.read();
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking: [startTracking(MUG.productId)] });
    expect(new TextDecoder().decode((await piece)?.value)).toMatch(/^id: 1\nevent: record\ndata: \{"sequence":1,/);
    stop.abort();
    await reader?.closed.catch(() => undefined);
  });
});
