import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../testing/test/postgres/server.ts';
import { end, run, type Server, serve } from './stockfold.ts';

const folder = mkdtempSync(join(tmpdir(), 'stockfold-serve-postgres-'));
let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

const ORGANIZATION = '7c1ad2a0-5f0f-11ec-bf63-0242ac130002';
const PRODUCT = '65314d7e-5f0f-11ec-bf63-0242ac130002';
const VARIANT = '78194842-5f0f-11ec-bf63-0242ac130002';
const TOKEN = 'a-token-of-the-shop';

async function send({ url }: Server, method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}/organizations/self/${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function locationsOf(server: Server): Promise<Record<string, string>> {
  const { body } = await send(server, 'GET', 'locations');
  return Object.fromEntries((body as { type: string; uuid: string }[]).map(({ type, uuid }) => [type, uuid]));
}

describe('two servers on one PostgreSQL database', () => {
  it('give one picture: what one was told, the other answers', async () => {
    const tokens = join(folder, 'tokens.json');
    const scopes = ['READ:PRODUCT', 'WRITE:PRODUCT'];
    writeFileSync(tokens, JSON.stringify([{ token: TOKEN, organizationUuid: ORGANIZATION, scopes }]));
    const database = new URL(await postgres.newDatabase());
    database.password ||= 'not-to-be-printed';
    const args = ['--db', database.href, '--tokens', tokens];
    const servers = await Promise.all([serve(...args), serve(...args)]);
    const [first, second] = servers;
    expect(first.greeting).toContain(`postgres://${database.host}${database.pathname} on `);
    expect(first.greeting).not.toContain(database.password);

    const started = await send(first, 'POST', 'inventory', { productUuid: PRODUCT });
    expect(started.status).toBe(200);
    const { STORE, SUPPLIER } = await locationsOf(first);
    expect(await locationsOf(second)).toEqual(await locationsOf(first));
    const change = { productUuid: PRODUCT, variantUuid: VARIANT, fromLocationUuid: SUPPLIER, toLocationUuid: STORE };
    const restocks = Array.from({ length: 20 }, (_, index) =>
      send(servers[index % 2] as Server, 'PUT', 'inventory', { changes: [{ ...change, change: 1 }] }),
    );
    expect(new Set((await Promise.all(restocks)).map(answer => answer.status))).toEqual(new Set([200]));
    for (const server of servers)
      expect(await send(server, 'POST', 'inventory', { productUuid: PRODUCT })).toMatchObject({
        body: { variants: [{ variantUuid: VARIANT, balance: 20 }] },
      });
    for (const server of servers) expect(await end(server, 'SIGTERM')).toBe(0);
  });

  it('cannot be had where nobody listens, and the password is not printed', async () => {
    const { code, stderr } = await run('serve', '--port', '0', '--db', 'postgres://shop:secret@127.0.0.1:1/stock');
    expect(stderr).toMatch(/--db postgres:\/\/127\.0\.0\.1:1\/stock: .*StoreUnavailable/);
    expect(stderr).not.toContain('secret');
    expect(code).toBe(1);
  });
});
