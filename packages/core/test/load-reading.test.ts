import { createMemoryStore } from '@stockfold/store-memory';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLedger } from '../src/ledger/create-ledger.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import type { Snapshot } from '../src/ledger/watch.ts';

const READING = '../src/ledger/reading.ts';

/** A ledger in a page whose network is gone: what looks at it cannot be loaded. */
function offline() {
  vi.doMock(READING, () => Promise.reject(new TypeError('Failed to fetch')));
  const waiting = new Set<() => void>();
  const setTimer = (run: () => void) => {
    waiting.add(run);
    return () => waiting.delete(run);
  };
  return { ledger: createLedger({ store: createMemoryStore(), setTimer }), waiting };
}

function watched(ledger: Ledger) {
  const shown: Snapshot[] = [];
  return { shown, stop: ledger.watch({}, snapshot => shown.push(snapshot)) };
}

const MISSING = { kind: 'StoreUnavailable', retry: 'same-command', message: 'the code of reading could not be loaded' };

describe('a page that cannot load the code of its reads, for want of a network,', () => {
  afterEach(() => vi.doUnmock(READING));

  it('is told so, may ask again, and sells all the while', async () => {
    const { ledger } = offline();
    expect((await ledger.balances())._unsafeUnwrapErr()).toMatchObject(MISSING);
    const product = ledger.newId();
    const command = {
      kind: 'RecordMovements',
      id: ledger.newId(),
      tracking: [{ kind: 'StartTracking', productId: product }],
      lines: [{ productId: product, variantId: ledger.newId(), from: 'STORE', to: 'SOLD', quantity: 1 }],
    } as const;
    expect((await ledger.execute(command))._unsafeUnwrap().sequence).toBe(1);
    vi.doUnmock(READING);
    expect((await ledger.balances())._unsafeUnwrap().items).toHaveLength(2);
  });

  it('is shown so where it watches, and shown the balances when the code is there', async () => {
    const { ledger, waiting } = offline();
    const { shown, stop } = watched(ledger);
    await vi.waitFor(() => expect(shown).toMatchObject([{ asOf: 0, balances: [], fault: MISSING }]));
    vi.doUnmock(READING);
    for (const run of waiting) run();
    await vi.waitFor(() => expect(shown.slice(1)).toEqual([{ asOf: 0, balances: [], fault: null }]));
    stop();
  });

  it('is not told when it has stopped watching, and nothing waits for it', async () => {
    const { ledger, waiting } = offline();
    const early = watched(ledger);
    early.stop();
    const late = watched(ledger);
    await vi.waitFor(() => expect(late.shown).toHaveLength(1));
    expect(early.shown).toEqual([]);
    expect(waiting.size).toBe(1);
    await ledger.close();
    expect(waiting.size).toBe(0);
  });
});

describe('a query that is changed after the call, while the code of the first look is loaded,', () => {
  const open = async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    const product = ledger.newId();
    const variants = [ledger.newId(), ledger.newId()] as const;
    const command = {
      kind: 'RecordMovements',
      id: ledger.newId(),
      tracking: [{ kind: 'StartTracking', productId: product }],
      lines: variants.map((variantId, index) => {
        return { productId: product, variantId, from: 'SUPPLIER', to: 'STORE', quantity: index + 1 };
      }),
    } as const;
    (await ledger.execute(command))._unsafeUnwrap();
    return { ledger, variants };
  };

  it('asks what it asked when it was called', async () => {
    const { ledger, variants } = await open();
    const query = { locationId: 'STORE', variantId: '' };
    const ask = () =>
      variants.map(variantId => {
        query.variantId = variantId;
        return ledger.balanceAt(query);
      });
    for (const _ of ['while it is loaded', 'when it is there']) {
      const found = await Promise.all(ask());
      expect(found.map(balance => balance._unsafeUnwrap().onHand)).toEqual([1, 2]);
    }
  });

  it('asks for the variants that its list had then', async () => {
    const { ledger, variants } = await open();
    const query = { locationId: 'STORE', variantIds: [variants[0]] as string[] };
    const found = ledger.balances(query);
    query.variantIds.push(variants[1]);
    expect((await found)._unsafeUnwrap().items.map(({ onHand }) => onHand)).toEqual([1]);
  });

  it('watches what it was told to watch', async () => {
    const { ledger, variants } = await open();
    const query = { locationId: 'STORE', variantIds: [variants[0]] as string[] };
    const shown: Snapshot[] = [];
    const stop = ledger.watch(query, snapshot => shown.push(snapshot));
    query.variantIds[0] = variants[1];
    await vi.waitFor(() => expect(shown[0]?.balances.map(({ onHand }) => onHand)).toEqual([1]));
    stop();
  });

  it('is as wrong as it was', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    const throwing = Object.defineProperty({}, 'limit', {
      enumerable: true,
      get: () => {
        throw new Error('mine');
      },
    });
    const wrong = [null, 'query', throwing] as unknown as object[];
    const found = await Promise.all(wrong.map(query => ledger.balances(query)));
    for (const answer of found)
      expect(answer._unsafeUnwrapErr()).toMatchObject({ kind: 'QueryInvalid', field: 'query' });
  });

  it('is read with what its class has', async () => {
    const { ledger, variants } = await open();
    class Asked {
      get variantIds() {
        return [variants[1]];
      }
    }
    const rows = (await ledger.balances(new Asked()))._unsafeUnwrap().items;
    expect(rows.map(({ onHand }) => onHand).sort()).toEqual([-2, 2]);
  });
});

it('who watches a ledger that was closed is told so once, and nothing waits for more', async () => {
  vi.useFakeTimers();
  try {
    const ledger = createLedger({ store: createMemoryStore() });
    await ledger.balances();
    await ledger.close();
    const { shown } = watched(ledger);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shown).toMatchObject([{ asOf: 0, balances: [], fault: { kind: 'StoreClosed' } }]);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
