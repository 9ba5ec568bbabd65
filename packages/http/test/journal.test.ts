import { type Ledger, restock } from '@stockfold/core';
import { createHttpLedger, KEEP_ALIVE_MS, PAGE_LENGTH_MAX, STREAM_LIFE_MS, STREAMS_MAX } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handTimers } from './hand-timers.ts';
import { type LedgerServer, startLedgerServer } from './ledger-server.ts';
import { BOWL, LOCATIONS, MUG, ORGANIZATION, openStockedWorld, saleOf, type World } from './world.ts';

const MOVEMENTS = '/organizations/self/movements';
const STREAM = `${MOVEMENTS}/stream`;

const sellOne = ({ send }: World, externalUuid?: string) =>
  send('PUT', '/organizations/self/inventory', { changes: [saleOf(MUG, 1)], externalUuid });

describe('the journal', () => {
  it('shows what was recorded, in the words of the mirrored API', async () => {
    const world = await openStockedWorld();
    await sellOne(world, ORGANIZATION.toUpperCase());
    const { status, body } = await world.send('GET', `${MOVEMENTS}?after=1`);
    const [record] = (await world.ledger.journal({ after: 1 }))._unsafeUnwrap().items;
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        {
          sequence: 2,
          commandUuid: record?.commandId,
          externalUuid: ORGANIZATION,
          timestamp: new Date(record?.recordedAt ?? 0).toISOString(),
          trackingChanges: [],
          movements: [saleOf(MUG, 1)],
          locations: [],
        },
      ],
      next: null,
      asOf: 2,
    });
    const opening = await world.send('GET', `${MOVEMENTS}?limit=1`);
    expect(opening.body).toMatchObject({
      items: [
        {
          trackingChanges: [{ productUuid: MUG.productId, trackingStatusChange: 'START_TRACKING' }],
          movements: [{ change: 238 }, { change: 12_033 }],
          locations: [{ uuid: LOCATIONS.STORE }, {}, {}, {}],
        },
      ],
      next: '1',
      asOf: 2,
    });
  });

  it('can be walked page by page', async () => {
    const world = await openStockedWorld();
    for (let n = 0; n < 6; n++) await sellOne(world);
    const walked: number[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await world.send('GET', `${MOVEMENTS}?limit=3${cursor}`);
      const { items, next } = body as { items: { sequence: number }[]; next: string | null };
      walked.push(...items.map(item => item.sequence));
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(walked).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it.each([
    'after=-1',
    'after=1.5',
    'after=',
    'after=1e3',
    'limit=0',
    'limit=1001',
    'cursor=x',
    'after=9999999999999999',
  ])('names the field of a query that is wrong: %s', async query => {
    const { send } = await openStockedWorld();
    const { status, body } = await send('GET', `${MOVEMENTS}?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ errorType: 'INVALID_REQUEST', violations: [{ propertyName: query.split('=')[0] }] });
  });
});

describe('a page of large records', () => {
  const FULL = Array.from({ length: 1_000 }, () => restock('STORE', MUG, 1));

  const openFull = async (records: number) => {
    const world = await openStockedWorld();
    const read = vi.spyOn(world.ledger, 'journal');
    for (let n = 0; n < records; n++)
      await world.ledger.execute({ kind: 'RecordMovements', id: world.ledger.newId(), lines: FULL });
    return { ...world, read };
  };

  it('ends before it is too long, and the next one goes on there', async () => {
    const { send, read } = await openFull(30);
    const walked: number[] = [];
    const lengths: number[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await send('GET', `${MOVEMENTS}?limit=1000${cursor}`);
      const { items, next } = body as { items: { sequence: number }[]; next: string | null };
      walked.push(...items.map(item => item.sequence));
      lengths.push(JSON.stringify(body).length);
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(walked).toEqual(Array.from({ length: 31 }, (_, n) => n + 1));
    expect(lengths.length).toBeGreaterThan(1);
    expect(Math.max(...lengths)).toBeLessThan(PAGE_LENGTH_MAX * 1.2);
    // What does not fit is not read first and thrown away then.
    const pieces = await Promise.all(read.mock.results.map(({ value }) => value as ReturnType<Ledger['journal']>));
    const records = pieces.reduce((sum, piece) => sum + piece._unsafeUnwrap().items.length, 0);
    expect(records).toBeLessThan(2 * walked.length);
  });

  it('is as short for whoever asks in the words of the ledger', async () => {
    const { send } = await openFull(30);
    const asked = { kind: 'journal', query: { limit: 1_000 } };
    const { body } = await send('POST', '/organizations/self/ledger/queries', asked);
    const { items, next } = body as { items: { sequence: number }[]; next: string };
    expect(JSON.stringify(body).length).toBeLessThan(PAGE_LENGTH_MAX * 1.1);
    expect(next).toBe(String(items.at(-1)?.sequence));
  });
});

/** Opens a stream through the handler; `next` gives the sequences of its next piece, or its text when it has none. */
async function listen({ handler }: World, query = '', headers: Record<string, string> = {}, token = 'reader') {
  const request = new Request(`http://stock.test${STREAM}${query}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  const response = await handler(request);
  const reader = response.body?.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  if (reader === undefined) throw new Error('no body');
  const next = async () => {
    const { done, value = '' } = await reader.read();
    if (done) return 'the end';
    const ids = [...value.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    return ids.length === 0 ? value : ids;
  };
  return { response, next, cancel: () => reader.cancel() };
}

describe('a stream of the journal', () => {
  it('begins now, and gives each record as an event', async () => {
    const world = await openStockedWorld();
    const { response, next, cancel } = await listen(world);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const piece = next();
    await sellOne(world);
    expect(await piece).toEqual([2]);
    await sellOne(world);
    expect(await next()).toEqual([3]);
    await cancel();
  });

  it('goes on where its client was, after Last-Event-ID before anything else', async () => {
    const world = await openStockedWorld();
    for (let n = 0; n < 3; n++) await sellOne(world);
    expect(await (await listen(world, '?after=2')).next()).toEqual([3, 4]);
    expect(await (await listen(world, '?after=0', { 'last-event-id': '3' })).next()).toEqual([4]);
  });

  it('carries the same rows as the pages do', async () => {
    const world = await openStockedWorld();
    await sellOne(world);
    const response = await world.handler(
      new Request(`http://stock.test${STREAM}?after=0`, { headers: { authorization: 'Bearer reader' } }),
    );
    const reader = response.body?.getReader();
    const text = new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    const rows = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));
    expect(rows).toEqual(((await world.send('GET', MOVEMENTS)).body as { items: unknown }).items);
  });

  it.each([
    ['?after=x', {}, 400],
    ['', { 'last-event-id': '-1' }, 400],
    ['?after=2', {}, 409],
  ])('is refused where it cannot begin: %s %j', async (query, headers, status) => {
    const { response } = await listen(await openStockedWorld(), query, headers);
    expect(response.status).toBe(status);
  });

  it('reads nothing ahead of a slow client', async () => {
    const store = createMemoryStore();
    let reads = 0;
    const world = await openStockedWorld({
      ...store,
      journal: query => {
        reads += 1;
        return store.journal(query);
      },
    });
    const { next, cancel } = await listen(world, '?after=0');
    await next();
    for (let n = 0; n < 100; n++) await sellOne(world);
    reads = 0;
    await new Promise(resolve => setImmediate(resolve));
    expect(reads).toBe(0);
    const sequences: number[] = [];
    while (sequences.at(-1) !== 101) sequences.push(...((await next()) as number[]));
    expect(sequences).toEqual(Array.from({ length: 100 }, (_, n) => n + 2));
    expect(reads).toBe(7);
    await cancel();
  });

  it('says that it is alive when nothing happens, and ends after its life', async () => {
    const { setTimer, runOut, timers } = handTimers();
    const world = await openStockedWorld(createMemoryStore(), {}, { setTimer });
    const { next } = await listen(world);
    const silent = next();
    await runOut(KEEP_ALIVE_MS);
    expect(await silent).toBe(': still here\n\n');
    const last = next();
    await runOut(STREAM_LIFE_MS);
    expect(await last).toBe('the end');
    expect([...timers].map(timer => timer.ms)).toEqual([]);
  });

  it('ends when the ledger is closed, at the next sign of life', async () => {
    const { setTimer, runOut } = handTimers();
    const world = await openStockedWorld(createMemoryStore(), {}, { setTimer });
    const { next } = await listen(world);
    const silent = next();
    await world.ledger.close();
    await runOut(KEEP_ALIVE_MS);
    expect(await silent).toBe('the end');
  });

  it('ends when the host says so, and so does one that comes later', async () => {
    const stop = new AbortController();
    const world = await openStockedWorld(createMemoryStore(), {}, { signal: stop.signal });
    const { next } = await listen(world);
    const silent = next();
    stop.abort();
    expect(await silent).toBe('the end');
    expect(await (await listen(world)).next()).toBe('the end');
  });

  it('leaves nothing behind when its client goes away', async () => {
    const { setTimer, timers } = handTimers();
    let watchers = 0;
    const subscribe = () => {
      watchers += 1;
      return () => {
        watchers -= 1;
      };
    };
    const world = await openStockedWorld({ ...createMemoryStore(), subscribe }, {}, { setTimer });
    const { next, cancel } = await listen(world);
    const silent = next();
    while (timers.size < 2) await new Promise(resolve => setImmediate(resolve));
    expect(watchers).toBe(1);
    await cancel();
    await silent;
    expect([timers.size, watchers]).toEqual([0, 0]);
  });

  it('is what an EventSource asks for, and nothing for a client that takes only JSON', async () => {
    const world = await openStockedWorld();
    for (const [accept, status] of [
      ['text/event-stream', 200],
      ['*/*', 200],
      ['application/json', 406],
    ] as const)
      expect((await listen(world, '', { accept })).response.status).toBe(status);
  });

  it('is not shown to a token of nobody', async () => {
    const { response } = await listen(await openStockedWorld(), '', {}, 'nobody');
    expect(response.status).toBe(401);
  });

  it('is one of so many, and no more', async () => {
    const world = await openStockedWorld();
    const streams = [];
    for (let n = 0; n < STREAMS_MAX; n++) {
      const stream = await listen(world, '?after=0');
      await stream.next();
      streams.push(stream);
    }
    const { response } = await listen(world);
    expect(response.status).toBe(503);
    // Another organization is none the worse for it.
    expect((await listen(world, '', {}, 'other')).response.status).toBe(200);
    await streams[0]?.cancel();
    expect((await listen(world)).response.status).toBe(200);
    for (const stream of streams.slice(1)) await stream.cancel();
  });
});

describe('balances watched over HTTP', () => {
  let server: LedgerServer;
  const stop = new AbortController();
  beforeEach(async () => {
    server = await startLedgerServer({ signal: stop.signal });
  });
  afterEach(() => server.close());

  it('change with every commit, and go on after their stream was cut', async () => {
    const { ledger, token } = server.open();
    const opened = await createHttpLedger({ url: server.url, token, watchEveryMs: 1 });
    const remote = opened._unsafeUnwrap();
    const seen: number[] = [];
    let isSeen: () => void = () => undefined;
    const unwatch = remote.watch({ locationId: 'STORE', variantIds: [MUG.variantId] }, ({ balances }) => {
      seen.push(balances[0]?.onHand ?? 0);
      isSeen();
    });
    const until = async (onHand: number) => {
      while (seen.at(-1) !== onHand)
        await new Promise<void>(resolve => {
          isSeen = resolve;
        });
    };
    await until(0);
    const stock = (quantity: number) =>
      ledger.execute({
        kind: 'RecordMovements',
        id: ledger.newId(),
        tracking: [{ kind: 'StartTracking', productId: MUG.productId }],
        lines: [restock('STORE', MUG, quantity), restock('STORE', BOWL, 1)],
      });
    await stock(3);
    await until(3);
    await stock(4);
    await until(7);
    stop.abort();
    await stock(5);
    await until(12);
    unwatch();
    await stock(1);
    expect(seen.at(-1)).toBe(12);
    await remote.close();
  });
});
