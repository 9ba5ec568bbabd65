import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createLedger } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createCluster } from '../../../packages/testing/test/postgres/cluster.ts';
import { type PostgresServer, startPostgres } from '../../../packages/testing/test/postgres/server.ts';
import { createOrders } from '../src/orders.ts';

const START = fileURLToPath(new URL('../start.ts', import.meta.url));

type Running = Readonly<{ url: string; greeting: string; process: ChildProcess; errors: () => string }>;
const running = new Set<ChildProcess>();
let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(() => postgres.stop());

/** Starts the service as the README says, on a database or on one of its own. */
async function start(database?: string): Promise<Running> {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, [START], {
    env: { ...env, PORT: '0', ...(database === undefined ? {} : { DATABASE_URL: database }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let [out, errors] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const greeting = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.includes('\n')) resolve(out);
    });
    child.once('exit', code => reject(new Error(`it ended with ${code}: ${errors}`)));
  });
  const [url = ''] = /http:\/\/[\d.:]+/.exec(greeting) ?? [];
  return { url, greeting, process: child, errors: () => errors };
}

async function stop({ process: child }: Running): Promise<number | null> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = await ended;
  return code;
}

async function put({ url }: Running, path: string, body: unknown) {
  const response = await fetch(`${url}/${path}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() };
}

async function get({ url }: Running, path: string) {
  const response = await fetch(`${url}/${path}`);
  return { status: response.status, body: await response.json() };
}

const mugs = (quantity: number) => ({ lines: [{ item: 'mug', quantity }] });

it('starts with one command on a database of its own, which goes away with it', async () => {
  const service = await start();
  expect(service.greeting).toContain('a PostgreSQL that goes away with it');
  expect((await put(service, `deliveries/${randomUUID()}`, mugs(3))).status).toBe(201);
  expect(await get(service, 'stock')).toEqual({ status: 200, body: [{ item: 'mug', onHand: 3 }] });
  expect(await stop(service)).toBe(0);
  expect(service.errors()).toBe('');
});

it('sells an order once, however often it is sent, also after a restart', async () => {
  const database = await postgres.newDatabase();
  const first = await start(database);
  await put(first, `deliveries/${randomUUID()}`, mugs(3));
  const id = randomUUID();
  expect(await put(first, `orders/${id}`, mugs(2))).toMatchObject({ status: 201, body: { id, replayed: false } });
  const again = await Promise.all([1, 2, 3].map(() => put(first, `orders/${id}`, mugs(2))));
  expect(again.map(({ status, body }) => [status, body.replayed])).toEqual([1, 2, 3].map(() => [200, true]));

  // The process dies without a word.
  first.process.kill('SIGKILL');
  const second = await start(database);
  expect(await put(second, `orders/${id}`, mugs(2))).toMatchObject({ status: 200, body: { replayed: true } });
  expect((await get(second, 'stock')).body).toEqual([{ item: 'mug', onHand: 1 }]);
  expect(await get(second, `orders/${id}`)).toEqual({
    status: 200,
    body: { id, sequence: 3, lines: [{ item: 'mug', quantity: 2 }] },
  });
  expect((await get(second, 'orders')).body).toHaveLength(1);
  expect(await stop(second)).toBe(0);
});

it('begins many times at once on one empty database', async () => {
  const pool = new pg.Pool({ connectionString: await postgres.newDatabase(), max: 16 });
  const ledger = createLedger({ store: createPostgresStore({ pool }) });
  const begun = await Promise.all(Array.from({ length: 16 }, () => createOrders(pool, ledger)));
  expect(await Promise.all(begun.map(orders => orders.newest()))).toEqual(begun.map(() => []));
  await pool.end();
});

it('of two processes and many customers, sells each mug once', async () => {
  const database = await postgres.newDatabase();
  const services = await Promise.all([start(database), start(database)]);
  const [first] = services;
  await put(first, `deliveries/${randomUUID()}`, mugs(5));
  const orders = Array.from({ length: 20 }, (_, index) =>
    put(services[index % 2] as Running, `orders/${randomUUID()}`, mugs(1)),
  );
  const statuses = (await Promise.all(orders)).map(({ status }) => status);
  expect(statuses.filter(status => status === 201)).toHaveLength(5);
  expect(statuses.filter(status => status === 409)).toHaveLength(15);
  expect((await get(first, 'stock')).body).toEqual([{ item: 'mug', onHand: 0 }]);
  expect((await get(first, 'orders')).body).toHaveLength(5);
  for (const service of services) expect(await stop(service)).toBe(0);
});

it('says by its kind what is wrong with an order, and sells nothing of it', async () => {
  const service = await start(await postgres.newDatabase());
  await put(service, `deliveries/${randomUUID()}`, mugs(2));
  const id = randomUUID();
  expect(await put(service, `orders/${id}`, mugs(3))).toMatchObject({
    status: 409,
    body: { kind: 'StockInsufficient', short: [{ item: 'mug', requested: 3, available: 2 }] },
  });
  await put(service, `orders/${id}`, mugs(1));
  expect(await put(service, `orders/${id}`, mugs(2))).toMatchObject({ status: 409, body: { kind: 'CommandIdReused' } });
  expect(await put(service, 'orders/none', mugs(1))).toMatchObject({ status: 400, body: { kind: 'CommandInvalid' } });
  for (const body of [{}, { lines: [] }, { lines: [{ item: 'toString', quantity: 1 }] }, { lines: [null] }])
    expect(await put(service, `orders/${randomUUID()}`, body)).toMatchObject({
      status: 400,
      body: { kind: 'BodyInvalid' },
    });
  expect(await put(service, `orders/${randomUUID()}`, mugs(0.5))).toMatchObject({ status: 400 });
  expect(await get(service, `orders/${randomUUID()}`)).toEqual({ status: 404, body: { kind: 'OrderUnknown' } });
  expect((await get(service, 'stock')).body).toEqual([{ item: 'mug', onHand: 1 }]);
  expect(await stop(service)).toBe(0);
});

it('tells a client to send the order again while the database is away, and sells it once when it is back', async () => {
  const cluster = await createCluster();
  try {
    await cluster.start();
    const service = await start(cluster.url);
    await put(service, `deliveries/${randomUUID()}`, mugs(2));
    const id = randomUUID();
    await cluster.stop();
    expect(await put(service, `orders/${id}`, mugs(1))).toMatchObject({ status: 503, retryAfter: '1' });
    await cluster.start();
    expect(await put(service, `orders/${id}`, mugs(1))).toMatchObject({ status: 201 });
    expect((await get(service, 'stock')).body).toEqual([{ item: 'mug', onHand: 1 }]);
    expect(await stop(service)).toBe(0);
  } finally {
    await cluster.remove();
  }
});

it('says nothing of connections that the database cuts off while they say goodbye', async () => {
  const line = await startRudeLine(await postgres.newDatabase());
  const service = await start(line.url);
  expect((await put(service, `deliveries/${randomUUID()}`, mugs(1))).status).toBe(201);
  expect(await stop(service)).toBe(0);
  expect(line.cutOff()).toBeGreaterThan(0);
  expect(service.errors()).toBe('');
  line.stop();
});

it('answers what is under way before it ends', async () => {
  const database = await postgres.newDatabase();
  const service = await start(database);
  await put(service, `deliveries/${randomUUID()}`, mugs(1));
  // Somebody holds the organization, so a commit waits for its turn.
  const holder = new pg.Client({ connectionString: database });
  await holder.connect();
  await holder.query('begin; select * from stockfold.organization for update');
  const order = put(service, `orders/${randomUUID()}`, mugs(1));
  const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  await expect.poll(async () => (await holder.query(waiting)).rowCount, { timeout: 30_000 }).toBe(1);
  const ended = stop(service);
  await holder.query('commit');
  expect((await order).status).toBe(201);
  expect(await ended).toBe(0);
  await holder.end();
});

/** A line to a database that answers goodbye as a server does that is shut down at that moment. */
async function startRudeLine(database: string) {
  const { hostname, port } = new URL(database);
  const fields = ['SFATAL', 'C57P01', 'Mterminating connection due to administrator command', ''];
  const text = Buffer.from(fields.map(field => `${field}\0`).join(''));
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(text.length + 4, 1);
  let cutOff = 0;
  const server = createServer(client => {
    const upstream = connect(Number(port), hostname);
    upstream.pipe(client);
    client.on('data', bytes => {
      if (bytes[0] === 'X'.charCodeAt(0) && bytes.length === 5) {
        cutOff += 1;
        client.write(Buffer.concat([head, text]));
      }
      upstream.write(bytes);
    });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(database);
  url.port = String((server.address() as AddressInfo).port);
  return { url: url.href, cutOff: () => cutOff, stop: () => server.close() };
}
