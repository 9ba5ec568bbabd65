import { getEventListeners } from 'node:events';
import { type Ledger, type LedgerOptions, restock, sale, startTracking, storeFault } from '@stockfold/core';
import { createHttpLedger, type HttpLedgerOptions } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import { describeLedger } from '@stockfold/testing';
import { errAsync } from 'neverthrow';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CuttingProxy, drawFate, type Fate, startCuttingProxy } from './cutting-proxy.ts';
import { type LedgerServer, startLedgerServer } from './ledger-server.ts';
import { BOWL, MUG, openStockedWorld } from './world.ts';

let server: LedgerServer;
let proxy: CuttingProxy;
beforeAll(async () => {
  server = await startLedgerServer();
  proxy = await startCuttingProxy(server.url, drawFate(7));
});
afterAll(async () => {
  await proxy.close();
  await server.close();
});

async function openRemote(url: string, options: Partial<LedgerOptions> = {}, own: Partial<HttpLedgerOptions> = {}) {
  const { ledger, token } = server.open(options);
  const remote = (
    await createHttpLedger({ url, token, attempts: 40, backoffMs: 0, clock: options.clock, ...own })
  )._unsafeUnwrap();
  const close: Ledger['close'] = () => remote.close().andThen(() => ledger.close());
  return { ledger, token, remote: { ...remote, close } };
}

const runner = { describe, it };
describeLedger('over a socket', {
  open: async options => (await openRemote(server.url, options)).remote,
  runner,
  numRuns: 20,
});
describeLedger('over a socket that is cut at random', {
  open: async options => (await openRemote(proxy.url, options)).remote,
  runner,
  numRuns: 10,
});

const RESTOCK = {
  kind: 'RecordMovements',
  id: 'd0000000-0000-4000-8000-000000000001',
  tracking: [startTracking(MUG.productId)],
  lines: [restock('STORE', MUG, 3), restock('STORE', BOWL, 5)],
} as const;

describe('a connection that is cut', () => {
  it('was cut in requests and in answers, many times, in the suite above', () => {
    expect(proxy.cuts().requests).toBeGreaterThan(100);
    expect(proxy.cuts().answers).toBeGreaterThan(100);
  });

  it.each<[string, Fate, 'request' | 'answer']>([
    ['before the command arrives', 'lose', 'request'],
    ['after it was recorded', 'lose', 'answer'],
    ['in the middle of the answer', 'halve', 'answer'],
  ])('%s moves nothing twice, and the receipt is that of a first time', async (_, fate, where) => {
    let left = 0;
    const cutting = await startCuttingProxy(server.url, of => (of === where && left-- > 0 ? fate : 'pass'));
    const { remote, ledger } = await openRemote(cutting.url);
    left = 2;
    const receipt = (await remote.execute(RESTOCK))._unsafeUnwrap();
    expect(receipt).toMatchObject({ sequence: 1, replayed: false });
    expect((await ledger.journal())._unsafeUnwrap().items).toHaveLength(1);
    expect((await remote.execute(RESTOCK))._unsafeUnwrap()).toEqual({ ...receipt, replayed: true });
    await remote.close();
    await cutting.close();
  });

  it('for good leaves the outcome of a command unknown, and the same command again is safe', async () => {
    let isCut = false;
    const cutting = await startCuttingProxy(server.url, of => (isCut && of === 'answer' ? 'lose' : 'pass'));
    const { remote } = await openRemote(cutting.url, {}, { attempts: 3 });
    isCut = true;
    expect((await remote.execute(RESTOCK))._unsafeUnwrapErr()).toMatchObject({
      kind: 'OutcomeUnknown',
      retry: 'same-command',
    });
    expect((await remote.balances())._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreUnavailable' });
    isCut = false;
    expect((await remote.execute(RESTOCK))._unsafeUnwrap()).toMatchObject({ sequence: 1, replayed: true });
    await remote.close();
    await cutting.close();
  });
});

/** A fetch that never answers, and ends when it is told to. */
const silent: typeof fetch = (_, init) =>
  new Promise((_, reject) => {
    init?.signal?.addEventListener('abort', () => reject(new Error('ended')));
  });

/** A client whose first answer, the card, came, and whose later ones come from `later`. */
async function openWith(later: typeof fetch, own: Partial<HttpLedgerOptions> = {}) {
  let isOpen = false;
  const send: typeof fetch = (...args) => (isOpen ? later : fetch)(...args);
  const opened = await openRemote(server.url, {}, { fetch: send, ...own });
  isOpen = true;
  return opened;
}

describe('a server that does not answer', () => {
  it('is given up when the time of the call is over', async () => {
    const { remote } = await openWith(silent, { timeoutMs: 50 });
    expect((await remote.execute(RESTOCK))._unsafeUnwrapErr().kind).toBe('OutcomeUnknown');
    expect((await remote.verify())._unsafeUnwrapErr().kind).toBe('StoreUnavailable');
  });

  it('is asked again when the time of an attempt is over', async () => {
    let attempts = 0;
    const later: typeof fetch = (...args) => (++attempts < 3 ? silent : fetch)(...args);
    const { remote } = await openWith(later, { attemptTimeoutMs: 50 });
    expect((await remote.execute(RESTOCK))._unsafeUnwrap().sequence).toBe(1);
    expect(attempts).toBe(3);
  });

  it('is not waited for after an abort', async () => {
    const abort = new AbortController();
    const { remote } = await openWith(silent, { signal: abort.signal });
    const running = remote.execute(RESTOCK);
    abort.abort();
    expect((await running)._unsafeUnwrapErr().kind).toBe('OutcomeUnknown');
  });

  it('makes no ledger', async () => {
    const nobody = await createHttpLedger({ url: 'http://127.0.0.1:1', token: 'x', attempts: 2, backoffMs: 0 });
    expect(nobody._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreUnavailable' });
    const stranger = await createHttpLedger({ url: server.url, token: 'nobody-has-this' });
    expect(stranger._unsafeUnwrapErr().message).toContain('401');
  });
});

it('a watch whose server gives no stream for long gathers nothing', async () => {
  let see: (listeners: number) => void = () => undefined;
  const listeners = new Promise<number>(resolve => {
    see = resolve;
  });
  let asked = 0;
  const refusing: typeof fetch = (input, init) => {
    if (!String(input).endsWith('/movements/stream')) return fetch(input, init);
    if (++asked === 50) see(getEventListeners(init?.signal as AbortSignal, 'abort').length);
    return Promise.resolve(new Response(null, { status: 503 }));
  };
  const { remote } = await openWith(refusing, { watchEveryMs: 0 });
  const stop = remote.watch({}, () => undefined);
  expect(await listeners).toBeLessThan(5);
  stop();
  await remote.close();
});

describe('an answer that is none of a ledger', () => {
  const answering = (status: number, body: unknown) => () => Promise.resolve(Response.json(body, { status }));
  const receipt = { commandId: RESTOCK.id, sequence: 0.5, recordedAt: 0, replayed: false, durability: 'memory' };
  const whole = { ...receipt, sequence: 1 };

  it.each([
    ['a page of another site', answering(200, { hello: 'world' }), 'OutcomeUnknown', 'StoreFailed'],
    ['a receipt that is none', answering(200, { results: [{ receipt }] }), 'OutcomeUnknown', 'StoreFailed'],
    [
      'two results for one command',
      answering(200, { results: [{ receipt: whole }, { receipt: whole }] }),
      'OutcomeUnknown',
      'StoreFailed',
    ],
    [
      'an error nobody knows',
      answering(200, { results: [{ error: { kind: 'Odd' } }] }),
      'OutcomeUnknown',
      'StoreFailed',
    ],
    ['a gateway that is down', answering(502, { message: 'bad gateway' }), 'OutcomeUnknown', 'StoreUnavailable'],
    ['a token that is refused', answering(401, {}), 'StoreUnavailable', 'StoreUnavailable'],
    ['a path that is not there', answering(404, {}), 'StoreFailed', 'StoreFailed'],
  ])('is no receipt and no page: %s', async (_, later, executed, asked) => {
    const { remote } = await openWith(later, { attempts: 2 });
    expect((await remote.execute(RESTOCK))._unsafeUnwrapErr().kind).toBe(executed);
    expect((await remote.balances())._unsafeUnwrapErr().kind).toBe(asked);
  });

  it('is no refusal of a command whose first answer was lost: it may have been recorded', async () => {
    let attempts = 0;
    const revoked = () =>
      ++attempts === 1 ? Promise.reject(new TypeError('lost')) : Promise.resolve(Response.json({}, { status: 401 }));
    const { remote } = await openWith(revoked, { attempts: 2 });
    expect((await remote.execute(RESTOCK))._unsafeUnwrapErr().kind).toBe('OutcomeUnknown');
    expect(attempts).toBe(2);
  });

  it('takes its token nowhere else when it watches', async () => {
    let see: (init: RequestInit | undefined) => void = () => undefined;
    const streamed = new Promise<RequestInit | undefined>(resolve => {
      see = resolve;
    });
    const { remote } = await openWith((...args) => {
      if (String(args[0]).endsWith('/movements/stream')) see(args[1]);
      return fetch(...args);
    });
    const stop = remote.watch({}, () => undefined);
    expect((await streamed)?.redirect).toBe('error');
    stop();
    await remote.close();
  });

  it('does not follow a redirect to where nobody was sent', async () => {
    const { remote } = await openWith(
      (...[, init]) => {
        expect(init?.redirect).toBe('error');
        return Promise.reject(new TypeError('redirected'));
      },
      { attempts: 1 },
    );
    expect((await remote.execute(RESTOCK))._unsafeUnwrapErr().kind).toBe('OutcomeUnknown');
  });
});

describe('what the store says about itself', () => {
  it('stays on the server', async () => {
    const secret = 'SELECT * FROM till';
    const store = createMemoryStore();
    const failing = () => errAsync(storeFault('StoreBusy', secret, new Error(secret)));
    const { token } = server.open({ store: { ...store, commit: failing, locations: failing } });
    const texts: string[] = [];
    const reading: typeof fetch = async (...args) => {
      const response = await fetch(...args);
      texts.push(await response.clone().text());
      return response;
    };
    const remote = (await createHttpLedger({ url: server.url, token, fetch: reading }))._unsafeUnwrap();
    expect((await remote.execute(RESTOCK))._unsafeUnwrapErr()).toMatchObject({
      kind: 'StoreBusy',
      retry: 'same-command',
    });
    expect((await remote.locations())._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreBusy' });
    expect(texts).toHaveLength(3);
    expect(texts.join()).not.toContain('till');
  });
});

describe('what a ledger keeps besides balances', () => {
  it('gets ids that begin with the time, as on the server', async () => {
    const { remote, ledger } = await openRemote(server.url);
    for (const id of [remote.newId(), ledger.newId()]) expect(id[14]).toBe('7');
    await remote.close();
  });

  it('is set and read over the wire as it is on the server', async () => {
    const { remote, ledger } = await openRemote(server.url);
    await remote.execute(RESTOCK);
    const rule = { ...MUG, locationId: ledger.systemLocations.STORE, level: 2, alert: true };
    const opened = { id: BOWL.variantId, type: 'STORE', name: 'Shelf' } as const;
    const receipts = await remote.executeAll([
      { kind: 'SetLowStock', id: remote.newId(), rules: [{ ...rule, locationId: 'STORE' }] },
      { kind: 'OpenLocation', id: remote.newId(), location: opened },
    ]);
    expect(receipts.map(receipt => receipt._unsafeUnwrap().sequence)).toEqual([2, 3]);
    expect((await remote.lowStock())._unsafeUnwrap()).toEqual({ items: [rule], next: null, asOf: 3 });
    expect((await remote.trackedProducts())._unsafeUnwrap()).toEqual({ items: [MUG.productId], next: null, asOf: 3 });
    expect((await remote.locations())._unsafeUnwrap()[4]).toEqual({ ...opened, system: false });
    expect((await remote.journal())._unsafeUnwrap()).toEqual((await ledger.journal())._unsafeUnwrap());
    await remote.close();
  });

  it('is answered on paths that are documented', async () => {
    const { send, ledger } = await openStockedWorld();
    const path = '/organizations/self/ledger';
    expect((await send('GET', path)).body).toMatchObject({ organizationId: ledger.organizationId, sequence: 1 });
    const sold = { kind: 'RecordMovements', id: RESTOCK.id, lines: [sale('STORE', MUG, 1), sale('STORE', BOWL, 0)] };
    const { body } = await send('POST', `${path}/commands`, { commands: [sold, 7, RESTOCK] });
    expect(body).toMatchObject({
      results: [
        { error: { kind: 'CommandInvalid' } },
        { error: { kind: 'CommandInvalid' } },
        { receipt: { sequence: 2 } },
      ],
    });
    expect((await send('POST', `${path}/verification`)).body).toMatchObject({ ok: true });
    const wrong = await send('POST', `${path}/queries`, { kind: 'balances', query: { limit: 0 } });
    expect(wrong).toMatchObject({ status: 400, body: { error: { kind: 'QueryInvalid', field: 'limit' } } });
    for (const asked of [{ kind: 'balances' }, { kind: 'secrets' }, { kind: 'journal', query: [] }, []])
      expect((await send('POST', `${path}/queries`, asked)).status).toBe(400);
    for (const commands of [[], 7, Array(1_001).fill({})])
      expect((await send('POST', `${path}/commands`, { commands })).status).toBe(400);
    const reader = { authorization: 'Bearer reader' };
    expect((await send('POST', `${path}/commands`, { commands: [RESTOCK] }, reader)).status).toBe(403);
  });
});

describe('a verification', () => {
  it('is not for who may only read: it reads everything', async () => {
    const { send } = await openStockedWorld();
    const path = '/organizations/self/ledger/verification';
    const refused = await send('POST', path, undefined, { authorization: 'Bearer reader' });
    expect(refused).toMatchObject({ status: 403, body: { errorType: 'INSUFFICIENT_SCOPE' } });
  });

  it('runs once for all who ask for it meanwhile', async () => {
    const { send, ledger } = await openStockedWorld();
    const verify = vi.spyOn(ledger, 'verify');
    const path = '/organizations/self/ledger/verification';
    const answers = await Promise.all(Array.from({ length: 5 }, () => send('POST', path)));
    expect(answers.map(({ body }) => (body as { ok: boolean }).ok)).toEqual(Array(5).fill(true));
    expect(verify).toHaveBeenCalledTimes(1);
    await send('POST', path);
    expect(verify).toHaveBeenCalledTimes(2);
  });
});

describe('many commands', () => {
  it('go in as few requests as may be, and are recorded in their order', async () => {
    let requests = 0;
    const { remote } = await openWith((...args) => {
      requests += 1;
      return fetch(...args);
    });
    const sell = Array.from(
      { length: 600 },
      () => ({ kind: 'RecordMovements', id: remote.newId(), lines: [sale('STORE', MUG, 1)] }) as const,
    );
    const answers = await remote.executeAll([RESTOCK, ...sell]);
    expect(answers.map(answer => answer._unsafeUnwrap().sequence)).toEqual(
      Array.from({ length: 601 }, (_, n) => n + 1),
    );
    expect(requests).toBe(3);
    await remote.close();
  });

  it('of the largest kind fit into requests that the server takes', async () => {
    const { remote } = await openRemote(server.url);
    const lines = Array.from({ length: 1000 }, () => restock('STORE', MUG, 1));
    const large = Array.from({ length: 6 }, () => ({ kind: 'RecordMovements', id: remote.newId(), lines }) as const);
    const answers = await remote.executeAll([RESTOCK, ...large]);
    expect(answers.map(answer => answer.isOk())).toEqual(Array(7).fill(true));
    await remote.close();
  });
});
