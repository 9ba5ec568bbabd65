import 'fake-indexeddb/auto';
import { createLedger } from '@stockfold/core';
import { createIndexedDbStore } from '@stockfold/store-indexeddb';
import { describeFailure, describeLedger, describeLedgerStore, simulate } from '@stockfold/testing';
import { describe, expect, it } from 'vitest';
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
  }, 120_000);
});
