import {
  type Balance,
  createLedger,
  type Ledger,
  type LedgerStore,
  moveView,
  restock,
  type Snapshot,
  type StoreFault,
  sale,
  startTracking,
  storeFault,
  transfer,
} from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import fc from 'fast-check';
import { errAsync, ResultAsync } from 'neverthrow';
import { beforeAll, describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';
import { SEED } from './seed.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const PLATE = { productId: numberedId(0xb, 2), variantId: numberedId(0xc, 2) };
const OF_MUGS = { locationId: 'STORE', variantIds: [MUG.variantId] };

const tracking = [startTracking(MUG.productId), startTracking(PLATE.productId)];
const stocking = (ledger: Ledger, quantity = 10) =>
  ({
    kind: 'RecordMovements',
    id: ledger.newId(),
    tracking,
    lines: [restock('STORE', MUG, quantity), restock('STORE', PLATE, quantity)],
  }) as const;
const selling = (ledger: Ledger, item = MUG, quantity = 1) =>
  ({ kind: 'RecordMovements', id: ledger.newId(), lines: [sale('STORE', item, quantity)] }) as const;

/** Timers that ring when they are told to. */
function createTimers() {
  const waiting = new Set<() => void>();
  return {
    setTimer: (run: () => void) => {
      waiting.add(run);
      return () => waiting.delete(run);
    },
    ring: () => {
      const due = [...waiting];
      waiting.clear();
      for (const run of due) run();
    },
    waiting,
  };
}

/** Watches, and keeps what was shown. */
function watched(ledger: Ledger, query: Parameters<Ledger['watch']>[0] = {}) {
  const shown: Snapshot[] = [];
  const stop = ledger.watch(query, snapshot => shown.push(snapshot));
  return { shown, stop, last: () => shown.at(-1) as Snapshot };
}

/** Until everything that was set going has come to rest: a memory store needs no more than microtasks. */
const rest = () => new Promise(resolve => setImmediate(resolve));

const amounts = (snapshot: Snapshot | undefined) => snapshot?.balances.map(balance => balance.onHand);

/** A second handle on the same data, that no ledger can tell is on the same data. */
const otherHandle = (store: LedgerStore): LedgerStore => ({ ...store });

// The code that reads a ledger comes with the first who looks at one.
beforeAll(async () => {
  await createLedger({ store: createMemoryStore() }).balances();
});

describe('watched balances', () => {
  it('are shown as they are, and then once for every commit', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    const { shown } = watched(ledger, OF_MUGS);
    await rest();
    expect(shown).toEqual([{ asOf: 0, balances: [], fault: null }]);
    await ledger.executeAll([stocking(ledger), selling(ledger), selling(ledger, MUG, 2), selling(ledger, PLATE)]);
    await rest();
    expect(shown.slice(1)).toMatchObject([{ asOf: 4, balances: [{ ...MUG, onHand: 7 }], fault: null }]);
  });

  it('are there when the receipt is', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    const { last } = watched(ledger, OF_MUGS);
    await rest();
    for (const command of [stocking(ledger), selling(ledger)]) {
      const receipt = (await ledger.execute(command))._unsafeUnwrap();
      expect(last().asOf).toBe(receipt.sequence);
    }
  });

  it('share with the time before what did not move, and cannot be written to', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    await ledger.execute(stocking(ledger));
    const { shown } = watched(ledger, { locationId: 'STORE' });
    await rest();
    await ledger.execute(selling(ledger));
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking });
    const [before, after, none] = shown as [Snapshot, Snapshot, Snapshot];
    expect(after.balances[0]).not.toBe(before.balances[0]);
    expect(after.balances[1]).toBe(before.balances[1]);
    expect(none.balances).toBe(after.balances);
    expect(none.asOf).toBe(3);
    const bowl = { productId: PLATE.productId, variantId: numberedId(0xc, 3) };
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines: [restock('STORE', bowl, 4)] });
    const toAndFro = [restock('STORE', bowl, 4), transfer('STORE', 'SUPPLIER', bowl, 4)];
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines: toAndFro });
    const [grown, same] = shown.slice(3) as [Snapshot, Snapshot];
    expect(amounts(grown)).toEqual([9, 10, 4]);
    expect(grown.balances[0]).toBe(after.balances[0]);
    expect(same).toMatchObject({ asOf: 5 });
    expect(same.balances).toBe(grown.balances);
    for (const snapshot of shown) {
      expect(() => Object.assign(snapshot, { asOf: 99 })).toThrow(TypeError);
      expect(() => (snapshot.balances as Balance[]).push(snapshot.balances[0] as Balance)).toThrow(TypeError);
      for (const balance of snapshot.balances) expect(() => Object.assign(balance, { onHand: 99 })).toThrow(TypeError);
    }
  });

  it('are those of the query alone, in the order of every page', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    const everything = watched(ledger);
    const plates = watched(ledger, { productIds: [PLATE.productId], nonZero: true });
    await rest();
    await ledger.execute({
      kind: 'RecordMovements',
      id: ledger.newId(),
      tracking,
      lines: [restock('STORE', PLATE, 5)],
    });
    await ledger.execute(stocking(ledger));
    expect(plates.last().balances.map(balance => balance.variantId)).toEqual([PLATE.variantId, PLATE.variantId]);
    await ledger.execute(selling(ledger, PLATE, 15));
    expect(amounts(plates.last())?.sort()).toEqual([-15, 15]);
    const page = (await ledger.balances())._unsafeUnwrap();
    expect(everything.last().balances).toEqual(page.items);
    const nothing = { ...restock('STORE', PLATE, 2) };
    await ledger.execute({
      kind: 'RecordMovements',
      id: ledger.newId(),
      lines: [nothing, { ...nothing, from: nothing.to, to: nothing.from }],
    });
    expect(plates.last().balances).toHaveLength(2);
  });

  it('of more than one page are all of one moment', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    const items = Array.from({ length: 700 }, (_, n) => ({ productId: MUG.productId, variantId: numberedId(0xe, n) }));
    const lines = items.map(item => restock('STORE', item, 1));
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines });
    const { shown, last } = watched(ledger);
    // Lands between the first page and the second.
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines });
    await rest();
    expect(last().balances).toHaveLength(1_400);
    expect(new Set(amounts(last()))).toEqual(new Set([-2, 2]));
    for (const { balances } of shown) expect(new Set(balances.map(({ onHand }) => Math.abs(onHand))).size).toBe(1);
  });

  it('end when they are told to, and with the ledger', async () => {
    const { setTimer, waiting } = createTimers();
    const store = createMemoryStore();
    const ledger = createLedger({ store, setTimer });
    const one = watched(ledger);
    const two = watched(ledger);
    await rest();
    one.stop();
    one.stop();
    await ledger.execute(stocking(ledger));
    await rest();
    expect([one.shown.length, two.shown.length]).toEqual([1, 2]);
    const third = watched(ledger);
    await ledger.close();
    await rest();
    expect([one.shown.length, two.shown.length, third.shown.length]).toEqual([1, 2, 0]);
    expect(waiting.size).toBe(0);
  });

  it('are not shown to a listener that another one has just ended', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    let endOther = () => {};
    const stop = ledger.watch({}, ({ asOf }) => asOf > 0 && endOther());
    const other = watched(ledger);
    endOther = other.stop;
    await rest();
    await ledger.execute(stocking(ledger));
    await rest();
    expect(other.shown).toHaveLength(1);
    stop();
  });

  it('of a wrong query are never shown: the snapshot says which field is wrong', async () => {
    const { setTimer, waiting } = createTimers();
    const ledger = createLedger({ store: createMemoryStore(), setTimer });
    const { shown } = watched(ledger, { locationId: 'attic' });
    await ledger.execute(stocking(ledger));
    await rest();
    expect(shown).toEqual([
      { asOf: 0, balances: [], fault: { kind: 'QueryInvalid', retry: 'never', field: 'locationId' } },
    ]);
    expect(waiting.size).toBe(0);
  });

  it('stop no commit when their listener throws', async () => {
    const ledger = createLedger({ store: createMemoryStore() });
    // The runner has listeners of its own, which would call this a failure.
    const listeners = process.rawListeners('unhandledRejection') as NodeJS.UnhandledRejectionListener[];
    process.removeAllListeners('unhandledRejection');
    const seen = new Promise(resolve => process.once('unhandledRejection', resolve));
    const stop = ledger.watch({}, () => {
      throw new Error('a bug of the page');
    });
    await expect(seen).resolves.toMatchObject({ message: 'a bug of the page' });
    stop();
    expect((await ledger.execute(stocking(ledger))).isOk()).toBe(true);
    await rest();
    for (const listener of listeners) process.on('unhandledRejection', listener);
  });
});

describe('commits of others', () => {
  it('on the same store object are seen at once', async () => {
    const store = createMemoryStore();
    const [here, there] = [createLedger({ store }), createLedger({ store })];
    const stranger = createLedger({ store, organizationId: numberedId(0xa, 9) });
    const { last, shown } = watched(here, OF_MUGS);
    await rest();
    await stranger.execute(stocking(stranger));
    await there.execute(stocking(there));
    await rest();
    expect(last()).toMatchObject({ asOf: 1, balances: [{ onHand: 10 }] });
    expect(shown).toHaveLength(2);
  });

  it('through another handle are seen when the timer says to look', async () => {
    const { setTimer, ring } = createTimers();
    const store = createMemoryStore();
    const here = createLedger({ store, setTimer });
    const there = createLedger({ store: otherHandle(store) });
    const { last, shown } = watched(here, OF_MUGS);
    await rest();
    await there.execute(stocking(there));
    for (let sold = 0; sold < 3; sold++) await there.execute(selling(there));
    await rest();
    expect(last().asOf).toBe(0);
    ring();
    await rest();
    expect(last()).toMatchObject({ asOf: 4, balances: [{ onHand: 7 }] });
    expect(shown).toHaveLength(2);
    ring();
    await rest();
    expect(shown).toHaveLength(2);
  });

  it('that lie before one of this handle are not left out', async () => {
    const memory = createMemoryStore();
    let reads = 0;
    const store: LedgerStore = {
      ...memory,
      balances: query => {
        reads += 1;
        return memory.balances(query);
      },
    };
    const here = createLedger({ store });
    const there = createLedger({ store: otherHandle(store) });
    const { last } = watched(here, OF_MUGS);
    await rest();
    await there.execute(stocking(there));
    await here.execute(selling(here));
    await rest();
    expect(last()).toMatchObject({ asOf: 2, balances: [{ onHand: 9 }] });
    // From the journal: however many balances are watched, only what has happened is read.
    expect(reads).toBe(1);
  });

  it('that come after one of this handle, which is read while it is told of, are not left out', async () => {
    const { setTimer, ring } = createTimers();
    const store = createMemoryStore();
    const reads: (() => void)[] = [];
    const journal: LedgerStore['journal'] = query =>
      new ResultAsync(new Promise<void>(resolve => reads.push(resolve)).then(() => store.journal(query)));
    const here = createLedger({ store: { ...store, journal }, setTimer });
    const there = createLedger({ store: otherHandle(store) });
    const { last } = watched(here, OF_MUGS);
    await rest();
    await here.execute(stocking(here));
    ring();
    await rest();
    await here.execute(selling(here));
    reads.shift()?.();
    await rest();
    await there.execute(selling(there));
    ring();
    await rest();
    reads.shift()?.();
    await rest();
    expect(last()).toMatchObject({ asOf: 3, balances: [{ onHand: 8 }] });
  });

  it('more than a page of them are all read', async () => {
    const { setTimer, ring } = createTimers();
    const store = createMemoryStore();
    const here = createLedger({ store, setTimer });
    const there = createLedger({ store: otherHandle(store) });
    const { last } = watched(here, OF_MUGS);
    await rest();
    await there.executeAll([stocking(there), ...Array.from({ length: 1_500 }, () => selling(there))]);
    ring();
    await rest();
    expect(last()).toMatchObject({ asOf: 1_501, balances: [{ onHand: -1_490 }] });
  });

  it('are heard of from a store that tells, and no timer runs', async () => {
    const { setTimer, waiting } = createTimers();
    const listeners = new Map<() => void, string>();
    const store: LedgerStore = {
      ...createMemoryStore(),
      subscribe: (organizationId, listener) => {
        listeners.set(listener, organizationId);
        return () => listeners.delete(listener);
      },
    };
    const here = createLedger({ store, setTimer });
    const there = createLedger({ store: otherHandle(store) });
    const { last, stop } = watched(here, OF_MUGS);
    await rest();
    expect(waiting.size).toBe(0);
    expect([...listeners.values()]).toEqual([here.organizationId]);
    await there.execute(stocking(there));
    for (const tell of listeners.keys()) {
      tell();
      tell();
    }
    await rest();
    expect(last()).toMatchObject({ asOf: 1, balances: [{ onHand: 10 }] });
    stop();
    expect(listeners.size).toBe(0);
  });

  it('that a store tells of while the balances are being read for the first time are shown once', async () => {
    const memory = createMemoryStore();
    const reads: (() => void)[] = [];
    const listeners: (() => void)[] = [];
    const here = createLedger({
      store: {
        ...memory,
        subscribe: (_, listener) => {
          listeners.push(listener);
          return () => undefined;
        },
        balances: query =>
          new ResultAsync(new Promise<void>(resolve => reads.push(resolve)).then(() => memory.balances(query))),
      },
    });
    const { shown, stop } = watched(here, OF_MUGS);
    await rest();
    await createLedger({ store: otherHandle(memory) }).execute(stocking(here));
    for (const tell of listeners) tell();
    await rest();
    expect(reads).toHaveLength(2);
    for (const read of reads.reverse()) {
      read();
      await rest();
    }
    expect(shown.map(({ asOf, balances }) => [asOf, balances[0]?.onHand])).toEqual([[1, 10]]);
    stop();
  });

  it('of this handle with an unknown outcome are looked for, though no store tells of them', async () => {
    const { setTimer, waiting } = createTimers();
    const memory = createMemoryStore();
    const lost = errAsync(storeFault('OutcomeUnknown', 'the line died at the commit'));
    const store: LedgerStore = {
      ...memory,
      subscribe: () => () => undefined,
      commit: commit => memory.commit(commit).andThen(() => lost),
    };
    const ledger = createLedger({ store, setTimer });
    const stranger = createLedger({ store, setTimer, organizationId: numberedId(0xa, 9) });
    const { last } = watched(ledger, OF_MUGS);
    const { shown } = watched(stranger, OF_MUGS);
    await rest();
    expect((await ledger.execute(stocking(ledger)))._unsafeUnwrapErr().kind).toBe('OutcomeUnknown');
    await rest();
    expect(last()).toMatchObject({ asOf: 1, balances: [{ onHand: 10 }], fault: null });
    expect([shown.length, waiting.size]).toEqual([1, 0]);
  });

  it('that land while the balances are being read are not lost', async () => {
    const store = createMemoryStore();
    const here = createLedger({ store });
    await here.execute(stocking(here));
    let whileReading = async () => {};
    const slow: LedgerStore = {
      ...store,
      balances: query =>
        store.balances(query).andThen(page => ResultAsync.fromSafePromise(whileReading().then(() => page))),
    };
    const till = createLedger({ store: slow });
    const first = watched(till, OF_MUGS);
    const sell = async () => void (await till.execute(selling(till)));
    whileReading = sell;
    await rest();
    whileReading = async () => {};
    await rest();
    expect(first.last()).toMatchObject({ asOf: 2, balances: [{ onHand: 9 }] });
    // And again for somebody who comes later, when the feed is under way.
    whileReading = sell;
    const second = watched(till, OF_MUGS);
    await rest();
    whileReading = async () => {};
    await rest();
    expect(second.last()).toMatchObject({ asOf: 3, balances: [{ onHand: 8 }] });
    expect(first.last()).toMatchObject({ asOf: 3, balances: [{ onHand: 8 }] });
  });

  it('an answer of the past is followed by one of the present', async () => {
    const store = createMemoryStore();
    const here = createLedger({ store });
    await here.execute(stocking(here));
    let past = false;
    const stale: LedgerStore = {
      ...store,
      balances: query => store.balances(past ? { ...query, asOf: 1 } : query),
    };
    const till = createLedger({ store: stale });
    watched(till, OF_MUGS);
    await till.execute(selling(till));
    await rest();
    past = true;
    const late = watched(till, OF_MUGS);
    await rest();
    past = false;
    expect(late.last().asOf).toBe(1);
    await till.execute(selling(till));
    await rest();
    expect(late.last()).toMatchObject({ asOf: 3, balances: [{ onHand: 8 }] });
  });
});

describe('a store that cannot be read', () => {
  /** A memory store whose reads fail for as long as there is a fault. */
  function failing() {
    const store = createMemoryStore();
    const state: { fault: StoreFault | null } = { fault: null };
    const broken: LedgerStore = {
      ...store,
      balances: query => (state.fault === null ? store.balances(query) : errAsync(state.fault)),
      journal: query => (state.fault === null ? store.journal(query) : errAsync(state.fault)),
    };
    return { store: broken, state };
  }
  const DOWN = storeFault('StoreUnavailable', 'the line is down');

  it('is named in the snapshot, and read when it can be', async () => {
    const { setTimer, ring } = createTimers();
    const { store, state } = failing();
    const ledger = createLedger({ store, setTimer });
    state.fault = DOWN;
    const { shown, last } = watched(ledger, OF_MUGS);
    await rest();
    expect(shown).toEqual([{ asOf: 0, balances: [], fault: DOWN }]);
    ring();
    await rest();
    state.fault = null;
    await ledger.execute(stocking(ledger));
    ring();
    await rest();
    expect(last()).toMatchObject({ asOf: 1, balances: [{ onHand: 10 }], fault: null });
  });

  it('is named also when it fails at the second page', async () => {
    const { setTimer } = createTimers();
    const store = createMemoryStore();
    const broken: LedgerStore = {
      ...store,
      balances: query => (query.cursor === undefined ? store.balances(query) : errAsync(DOWN)),
    };
    const ledger = createLedger({ store: broken, setTimer });
    const items = Array.from({ length: 600 }, (_, n) => ({ ...MUG, variantId: numberedId(0xe, n) }));
    const lines = items.map(item => restock('STORE', item, 1));
    await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines });
    const { shown } = watched(ledger);
    await rest();
    expect(shown).toEqual([{ asOf: 0, balances: [], fault: DOWN }]);
  });

  it('leaves the balances as they were, and says so, until it can be read again', async () => {
    const { setTimer, ring } = createTimers();
    const { store, state } = failing();
    const ledger = createLedger({ store, setTimer });
    await ledger.execute(stocking(ledger));
    const { shown, last } = watched(ledger, OF_MUGS);
    await rest();
    state.fault = DOWN;
    ring();
    await rest();
    expect(last()).toEqual({ ...shown[0], fault: DOWN });
    expect(last().balances).toBe(shown[0]?.balances);
    ring();
    await rest();
    expect(shown).toHaveLength(2);
    state.fault = null;
    ring();
    await rest();
    expect(last()).toEqual(shown[0]);
  });
});

it('records that a view has seen move nothing again', async () => {
  const ledger = createLedger({ store: createMemoryStore() });
  await ledger.executeAll([stocking(ledger), selling(ledger)]);
  const records = (await ledger.journal())._unsafeUnwrap().items;
  const one = moveView({ asOf: 0, balances: [] }, records.slice(0, 1), {});
  const two = moveView(one, records, {});
  expect(two.balances).toEqual((await ledger.balances())._unsafeUnwrap().items);
  expect(moveView(two, records, {})).toBe(two);
});

it('for any commands through two handles, the last snapshot is what the balances are', async () => {
  const steps = fc.array(fc.record({ through: fc.nat(1), item: fc.nat(2), quantity: fc.integer({ min: -3, max: 3 }) }));
  const property = fc.asyncProperty(steps, fc.boolean(), async (list, nonZero) => {
    const { setTimer, ring } = createTimers();
    const store = createMemoryStore();
    const handles = [createLedger({ store, setTimer }), createLedger({ store: otherHandle(store) })];
    const [here] = handles as [Ledger];
    const { last } = watched(here, { nonZero });
    for (const { through, item, quantity } of list) {
      const goods = { productId: MUG.productId, variantId: numberedId(0xc, item) };
      const amount = Math.abs(quantity);
      const line = quantity < 0 ? sale('STORE', goods, amount) : restock('STORE', goods, amount);
      const ledger = handles[through] as Ledger;
      const lines = quantity === 0 ? [] : [line];
      await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines });
    }
    await rest();
    ring();
    await rest();
    const page = (await here.balances({ nonZero }))._unsafeUnwrap();
    expect(last()).toEqual({ asOf: page.asOf, balances: page.items, fault: null });
  });
  await fc.assert(property, { seed: SEED, numRuns: 200 });
});
