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
