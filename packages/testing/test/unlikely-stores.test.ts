import {
  type Committed,
  createLedger,
  type LedgerStore,
  restock,
  sale,
  startTracking,
  storeFault,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { errAsync, okAsync } from 'neverthrow';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const RESTOCK = {
  kind: 'RecordMovements',
  id: numberedId(0xd, 1),
  tracking: [startTracking(MUG.productId)],
  lines: [restock('STORE', MUG, 3)],
} as const;
const SALE = { kind: 'RecordMovements', id: numberedId(0xd, 2), lines: [sale('STORE', MUG, 2)] } as const;

/** A store whose first answers to a commit are given, before it does what it should. */
function answering(...answers: readonly Committed[]): LedgerStore {
  const store = createMemoryStore();
  const left = [...answers];
  return {
    ...store,
    commit: commit => {
      const answer = left.shift();
      return answer === undefined ? store.commit(commit) : okAsync(answer);
    },
  };
}

describe('a ledger', () => {
  it('gives up when other writers are faster every time, and says that the same command may be sent again', async () => {
    const stale: Committed = { kind: 'stale', before: [0, 0], known: [] };
    const ledger = createLedger({ store: answering(...Array(100).fill(stale)) });
    const error = (await ledger.execute(RESTOCK))._unsafeUnwrapErr();
    expect(error).toEqual({ kind: 'Contended', retry: 'same-command', attempts: 100 });
    expect((await ledger.execute(RESTOCK))._unsafeUnwrap()).toMatchObject({ sequence: 1, replayed: false });
  });

  it('loads again when a store knows other commands than the one it was asked to record', async () => {
    const ledger = createLedger({ store: answering({ kind: 'known', records: [] }) });
    expect((await ledger.execute(RESTOCK))._unsafeUnwrap()).toMatchObject({ sequence: 1, replayed: false });
  });

  it('takes a balance that a stale answer leaves out for 0, and so refuses rather than oversells', async () => {
    const store = createMemoryStore();
    const policy = { floors: { STORE: 0 } };
    await createLedger({ store, policy }).execute(RESTOCK);
    const stale: Committed = { kind: 'stale', before: [], known: [] };
    const forgetful = { ...store, commit: () => okAsync(stale) };
    const error = (await createLedger({ store: forgetful, policy }).execute(SALE))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'StockInsufficient', shortages: [{ onHand: 0, requested: 2 }] });
  });

  it('gives the fault of a store that cannot be read', async () => {
    const fault = storeFault('StoreUnavailable', 'gone');
    const ledger = createLedger({ store: { ...createMemoryStore(), load: () => errAsync(fault) } });
    expect((await ledger.execute(RESTOCK))._unsafeUnwrapErr()).toEqual(fault);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, -0.5, 5n as never])(
    'records at 0 what a clock of %s times',
    async at => {
      const ledger = createLedger({ store: createMemoryStore(), clock: () => at });
      expect((await ledger.execute(RESTOCK))._unsafeUnwrap().recordedAt).toBe(0);
    },
  );

  it('takes no other location for its own when it was given other ones than the organization has', async () => {
    const store = createMemoryStore();
    const policy = { floors: { STORE: 0 } };
    const first = createLedger({ store, policy });
    await first.execute(RESTOCK);
    const { STORE, BIN, ...rest } = first.systemLocations;
    const swapped = createLedger({ store, policy, systemLocations: { ...rest, STORE: BIN, BIN: STORE } });
    const error = (await swapped.execute(SALE))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: 'LocationUnknown', locations: [{ locationId: BIN }] });
    // What does not touch them goes on, in the same group too.
    const open = {
      kind: 'OpenLocation',
      id: numberedId(0xd, 3),
      location: { id: numberedId(0xe, 1), type: 'STORE', name: 'Branch' },
    } as const;
    const answers = await swapped.executeAll([SALE, open, { ...open, id: numberedId(0xd, 4) }]);
    expect(answers.map(answer => (answer.isOk() ? 'recorded' : answer.error.kind))).toEqual([
      'LocationUnknown',
      'recorded',
      'LocationAlreadyOpen',
    ]);
  });

  it('has no floor that somebody has put on every object', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    await ledger.execute(RESTOCK);
    Object.defineProperty(Object.prototype, 'STORE', { value: 100, configurable: true });
    try {
      expect((await ledger.execute(SALE)).isOk()).toBe(true);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'STORE');
    }
  });

  it('ends, for each who closes it, when the calls under way have ended', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    const order: string[] = [];
    const call = ledger.execute(RESTOCK).then(() => order.push('recorded'));
    const ends = [ledger.close(), ledger.close()].map(close => close.then(() => order.push('closed')));
    await Promise.all([call, ...ends]);
    expect(order).toEqual(['recorded', 'closed', 'closed']);
  });

  it('takes nothing more once it is being closed, though a call is under way and its store is still open', async () => {
    const store = createMemoryStore();
    const ledger = createLedger({ store: { ...store, close: () => okAsync(undefined) } });
    const call = ledger.execute(RESTOCK);
    const closing = ledger.close();
    expect((await ledger.execute(SALE))._unsafeUnwrapErr()).toMatchObject({ kind: 'StoreClosed' });
    expect([(await call).isOk(), (await closing).isOk()]).toEqual([true, true]);
    expect((await createLedger({ store }).journal())._unsafeUnwrap().asOf).toBe(1);
  });

  it('can be closed twice', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    expect((await ledger.close()).isOk()).toBe(true);
    expect((await ledger.close()).isOk()).toBe(true);
  });
});
