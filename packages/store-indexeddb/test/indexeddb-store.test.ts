import 'fake-indexeddb/auto';
import { createLedger, restock, startTracking } from '@stockfold/core';
import { createIndexedDbStore } from '@stockfold/store-indexeddb';
import { describeFailure, describeLedger, describeLedgerStore, laws, simulate } from '@stockfold/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { deleteDatabase, newName, openEmpty } from './open-store.ts';

describeLedgerStore('IndexedDB, its double in Node', {
  open: () => {
    const name = newName();
    const open = () => createIndexedDbStore({ name, persist: false });
    return { store: open(), reopen: open, dispose: () => deleteDatabase(name) };
  },
  runner: { describe, it },
  supports: { durable: true, severalHandles: true },
});

describeLedger('on the double of IndexedDB', {
  open: options => createLedger({ store: openEmpty(), ...options }),
  runner: { describe, it },
  numRuns: 10,
});

describe('simulated worlds on the double of IndexedDB', () => {
  it('keep every promise, in 300 of them', async () => {
    const report = await simulate({ seed: 20_251_123, worlds: 300, openStore: openEmpty });
    expect(describeFailure(report)).toBe('every promise was kept');
    expect(report.worlds).toBe(300);
  }, 600_000);
});

it('for any history, the journal travels whole between databases of IndexedDB', async () => {
  const law = laws.travelsWhole(options => createLedger({ store: openEmpty(), ...options }), openEmpty);
  const { failed, errorInstance } = await fc.check(law, { seed: 20_251_123, numRuns: 20 });
  expect({ failed, errorInstance }).toEqual({ failed: false, errorInstance: null });
});

it('for any order in which sales, deliveries and counts are told to IndexedDB, they leave what an onlooker says', async () => {
  const { failed, errorInstance } = await fc.check(
    laws.countsAgree(options => createLedger({ store: openEmpty(), ...options })),
    { seed: 20_251_123, numRuns: 20 },
  );
  expect({ failed, errorInstance }).toEqual({ failed: false, errorInstance: null });
});

it('for any history and any damage to IndexedDB, a rebuild puts right what the journal says', async () => {
  const { failed, errorInstance } = await fc.check(laws.rebuildsWhole(openEmpty), { seed: 20_251_123, numRuns: 20 });
  expect({ failed, errorInstance }).toEqual({ failed: false, errorInstance: null });
});

it('for any amounts of any scale, IndexedDB keeps them to the last digit', async () => {
  const law = laws.unitsAgree(options => createLedger({ store: openEmpty(), ...options }));
  const { failed, errorInstance } = await fc.check(law, { seed: 20_251_123, numRuns: 10 });
  expect({ failed, errorInstance }).toEqual({ failed: false, errorInstance: null });
});

it('for any low-stock levels on IndexedDB, each crossing of one is told once', async () => {
  const law = laws.tellsLowStock(options => createLedger({ store: openEmpty(), ...options }));
  const { failed, errorInstance } = await fc.check(law, { seed: 20_251_123, numRuns: 10 });
  expect({ failed, errorInstance }).toEqual({ failed: false, errorInstance: null });
});

describe('all balances at a location, page by page', () => {
  it('are read once: a page asks for as many variants as it shows, and not for those of the next page', async () => {
    const ledger = createLedger({ store: openEmpty() });
    const productId = crypto.randomUUID();
    const lines = Array.from({ length: 25 }, () => restock('STORE', { productId, variantId: crypto.randomUUID() }, 1));
    const tracking = [startTracking(productId)];
    (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, lines }))._unsafeUnwrap();
    const asked = vi.spyOn(IDBObjectStore.prototype, 'getAll');
    const sizes: number[] = [];
    for (let cursor: string | undefined; sizes.length < 3; ) {
      const { items, next } = (await ledger.balances({ locationId: 'STORE', cursor, limit: 10 }))._unsafeUnwrap();
      sizes.push(items.length);
      cursor = next ?? undefined;
    }
    expect(sizes).toEqual([10, 10, 5]);
    expect(asked).toHaveBeenCalledTimes(3);
    asked.mockRestore();
    await ledger.close();
  });
});
