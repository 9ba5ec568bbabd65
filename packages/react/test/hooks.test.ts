// @vitest-environment happy-dom
import { createLedger, type Ledger, type LedgerStore, restock, sale, startTracking, storeFault } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { act, cleanup, renderHook } from '@testing-library/react';
import { errAsync, ResultAsync } from 'neverthrow';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { useBalance, useBalances, useJournal } from '../src/index.ts';

const MUG = { productId: '65314d7e-5f0f-11ec-bf63-0242ac130002', variantId: '78194842-5f0f-11ec-bf63-0242ac130002' };
const PLATE = { productId: MUG.productId, variantId: '78194842-5f0f-11ec-bf63-0242ac130003' };

// The code that reads a ledger comes with the first who looks at one.
beforeAll(async () => {
  await createLedger({ store: createMemoryStore() }).balances();
});
afterEach(cleanup);

const tracking = [startTracking(MUG.productId)];
const stock = (ledger: Ledger, quantity: number) =>
  ledger.execute({
    kind: 'RecordMovements',
    id: ledger.newId(),
    tracking,
    lines: [restock('STORE', MUG, quantity), restock('STORE', PLATE, quantity)],
  });
const sell = (ledger: Ledger, item = MUG) =>
  ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines: [sale('STORE', item, 1)] });

/** Renders a hook, and counts how often. */
async function rendered<T>(hook: () => T) {
  const values: T[] = [];
  const view = renderHook(() => {
    values.push(hook());
  });
  await settle();
  return { ...view, values, last: () => values.at(-1) as T };
}

const settle = () => act(() => new Promise<void>(resolve => void setTimeout(resolve)));

it('a balance is shown when it has been read, and after every commit that moves it', async () => {
  const ledger = createLedger({ store: createMemoryStore() });
  await stock(ledger, 5);
  const { values, last } = await rendered(() => useBalance(ledger, { locationId: 'STORE', variantId: MUG.variantId }));
  expect(values[0]).toEqual({ isReady: false, onHand: 0, fault: null });
  expect(last()).toEqual({ isReady: true, onHand: 5, fault: null });
  const before = values.length;
  await act(() => sell(ledger));
  expect(last().onHand).toBe(4);
  expect(values).toHaveLength(before + 1);
  await act(() => sell(ledger, PLATE));
  await settle();
  expect(values).toHaveLength(before + 1);
});

it('a command of a hundred lines renders once', async () => {
  const ledger = createLedger({ store: createMemoryStore() });
  await stock(ledger, 5);
  const { values, last } = await rendered(() => useBalances(ledger, { locationId: 'STORE' }));
  const before = values.length;
  const lines = Array.from({ length: 100 }, (_, n) => sale('STORE', n % 2 === 0 ? MUG : PLATE, 1));
  await act(() => ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines }));
  await settle();
  expect(values).toHaveLength(before + 1);
  expect(last().balances.map(balance => balance.onHand)).toEqual([-45, -45]);
});

it('what did not move is the same object, so that a memoised row is not rendered again', async () => {
  const ledger = createLedger({ store: createMemoryStore() });
  await stock(ledger, 5);
  const { last } = await rendered(() => useBalances(ledger, { locationId: 'STORE' }));
  const before = last().balances;
  await act(() => sell(ledger));
  await settle();
  expect(last().balances[0]).not.toBe(before[0]);
  expect(last().balances[1]).toBe(before[1]);
});

it('another query, or another ledger, is followed instead', async () => {
  const [one, two] = [createLedger({ store: createMemoryStore() }), createLedger({ store: createMemoryStore() })];
  await stock(one, 5);
  await stock(two, 7);
  await sell(one, PLATE);
  const { result, rerender } = renderHook(
    ({ ledger, item }) => useBalance(ledger, { locationId: 'STORE', variantId: item.variantId }).onHand,
    { initialProps: { ledger: one, item: MUG } },
  );
  await settle();
  expect(result.current).toBe(5);
  rerender({ ledger: one, item: PLATE });
  await settle();
  expect(result.current).toBe(4);
  rerender({ ledger: two, item: PLATE });
  await settle();
  expect(result.current).toBe(7);
  await act(() => sell(one, PLATE));
  await settle();
  expect(result.current).toBe(7);
});

it('the journal is shown newest first, as many records as were asked for', async () => {
  const ledger = createLedger({ store: createMemoryStore() });
  await stock(ledger, 5);
  const { last, unmount, values } = await rendered(() => useJournal(ledger, { limit: 3 }));
  expect(last()).toMatchObject({ isReady: true, fault: null, records: [{ sequence: 1 }] });
  for (let sold = 0; sold < 4; sold++) await act(() => sell(ledger));
  await settle();
  expect(last().records.map(record => record.sequence)).toEqual([5, 4, 3]);
  unmount();
  const renders = values.length;
  await sell(ledger);
  await settle();
  expect(values).toHaveLength(renders);
});

it('an answer that comes late does not take back a later one', async () => {
  const memory = createMemoryStore();
  const held: (() => void)[] = [];
  let isSlow = false;
  const store: LedgerStore = {
    ...memory,
    journal: query => {
      const page = memory.journal(query);
      if (!isSlow) return page;
      return ResultAsync.fromSafePromise(new Promise<void>(resolve => held.push(resolve))).andThen(() => page);
    },
  };
  const ledger = createLedger({ store });
  await stock(ledger, 5);
  const { last } = await rendered(() => useJournal(ledger));
  isSlow = true;
  await act(() => sell(ledger));
  await act(() => sell(ledger));
  await settle();
  expect(held).toHaveLength(2);
  for (const answer of held.reverse()) {
    answer();
    await settle();
    expect(last().records.map(record => record.sequence)).toEqual([3, 2, 1]);
  }
});

it('a store that cannot be read is a fault beside what was last read', async () => {
  const memory = createMemoryStore();
  const fault = storeFault('StoreUnavailable', 'the line is down');
  let isDown = false;
  const store: LedgerStore = { ...memory, journal: query => (isDown ? errAsync(fault) : memory.journal(query)) };
  const ledger = createLedger({ store });
  await stock(ledger, 5);
  const { last } = await rendered(() => useJournal(ledger));
  isDown = true;
  await act(() => sell(ledger));
  await settle();
  expect(last()).toMatchObject({ isReady: true, fault, records: [{ sequence: 1 }] });
  const wrong = await rendered(() => useBalances(ledger, { locationId: 'attic' }));
  expect(wrong.last()).toMatchObject({ isReady: false, balances: [], fault: { field: 'locationId' } });
});
