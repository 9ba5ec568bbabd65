import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { describe, it } from 'vitest';
import { describeLedgerStore } from '../src/index.ts';
import { temporaryFile } from './stores.ts';

describeLedgerStore('SQLite in a file', {
  open: () => {
    const { path, remove } = temporaryFile();
    const open = () => createSqliteStore({ path });
    return { store: open(), reopen: open, dispose: remove };
  },
  runner: { describe, it },
  supports: { durable: true, severalHandles: true },
});

describeLedgerStore('SQLite in memory', {
  open: () => ({ store: createSqliteStore({ path: ':memory:' }) }),
  runner: { describe, it },
});
