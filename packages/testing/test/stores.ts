import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLedger, type LedgerStore } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import type { OpenLedger } from '../src/index.ts';

/** A path for a database, in a directory that `remove` takes away again. */
export function temporaryFile(): Readonly<{ path: string; remove: () => void }> {
  const directory = mkdtempSync(join(tmpdir(), 'stockfold-test-'));
  return { path: join(directory, 'ledger.db'), remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Every store there is, to hold the same laws on each. SQLite in memory: the disk is the store suite's matter. */
export const stores: Readonly<Record<string, Readonly<{ create: () => LedgerStore; numRuns: number }>>> = {
  memory: { create: createMemoryStore, numRuns: 200 },
  sqlite: { create: () => createSqliteStore({ path: ':memory:' }), numRuns: 60 },
};

/** Opens each ledger on a new store. */
export function onNewStore(create: () => LedgerStore): OpenLedger {
  return options => createLedger({ store: create(), ...options });
}

/** Opens all ledgers on one new store. */
export function onOneStore(create: () => LedgerStore): () => OpenLedger {
  return () => {
    const store = create();
    return options => createLedger({ store, ...options });
  };
}
