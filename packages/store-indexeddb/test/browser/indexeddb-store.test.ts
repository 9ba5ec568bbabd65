import { createLedger } from '@stockfold/core';
import { createIndexedDbStore } from '@stockfold/store-indexeddb';
import { describeLedger, describeLedgerStore } from '@stockfold/testing';
import { describe, it } from 'vitest';
import { deleteDatabase, newName, openEmpty } from '../open-store.ts';

describeLedgerStore('IndexedDB in Chromium', {
  open: () => {
    const name = newName();
    const open = () => createIndexedDbStore({ name });
    return { store: open(), reopen: open, dispose: () => deleteDatabase(name) };
  },
  runner: { describe, it },
  supports: { durable: true, severalHandles: true },
});

describeLedger('on IndexedDB in Chromium', {
  open: options => createLedger({ store: openEmpty(), ...options }),
  runner: { describe, it },
  numRuns: 5,
});
