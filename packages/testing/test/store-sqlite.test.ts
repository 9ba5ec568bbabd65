import { DatabaseSync } from 'node:sqlite';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { describe, it } from 'vitest';
import { describeLedgerStore } from '../src/index.ts';
import { expectBooksInOrder } from './invariant-views.ts';
import { temporaryFile } from './stores.ts';

describeLedgerStore('SQLite in a file', {
  open: () => {
    const { path, remove } = temporaryFile();
    const open = () => createSqliteStore({ path });
    const dispose = async () => {
      await checkViews(path);
      remove();
    };
    return { store: open(), reopen: open, dispose };
  },
  runner: { describe, it },
  supports: { durable: true, severalHandles: true },
});

describeLedgerStore('SQLite in memory', {
  open: () => ({ store: createSqliteStore({ path: ':memory:' }) }),
  runner: { describe, it },
});

/** Whatever a test of the suite has written, the invariants hold in SQL too. */
async function checkViews(path: string): Promise<void> {
  const db = new DatabaseSync(path);
  try {
    // A test of the suite may have opened none.
    const made = db.prepare("select 1 from sqlite_schema where name = 'stockfold_posting'").get() !== undefined;
    if (made) await expectBooksInOrder('the suite', view => db.prepare(`select * from stockfold_${view}`).all());
  } finally {
    db.close();
  }
}
