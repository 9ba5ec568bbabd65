import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLedger, type Ledger, restock, startTracking } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { afterAll, beforeEach, expect, it } from 'vitest';

// The log is what SQLite calls the write-ahead log: commits stand in it until they are copied to the file.

const directory = mkdtempSync(join(tmpdir(), 'stockfold-log-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const MIB = 1024 * 1024;
const PRODUCT = '00000000-0000-4000-8000-000000000001';
const SHELF = Array.from({ length: 500 }, (_, number) => `00000000-0000-4000-9000-${String(number).padStart(12, '0')}`);

let path = '';
let ledger: Ledger;
beforeEach(async () => {
  path = join(mkdtempSync(join(directory, 'ledger-')), 'ledger.db');
  ledger = createLedger({ store: createSqliteStore({ path }) });
  const tracking = [startTracking(PRODUCT)];
  (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking }))._unsafeUnwrap();
});

/** Commits, each of which writes some tens of pages. */
async function restockOften(times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const lines = SHELF.map(variantId => restock('STORE', { productId: PRODUCT, variantId }, 1));
    (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines }))._unsafeUnwrap();
  }
}

const logSize = (): number => statSync(`${path}-wal`).size;

it('the log stays short over many commits', async () => {
  for (let turn = 0; turn < 6; turn++) {
    await restockOften(10);
    expect(logSize()).toBeLessThan(8 * MIB);
  }
  await ledger.close();
});

it('the log grows behind a long reader, and is given back when it has ended', async () => {
  const reader = new DatabaseSync(path);
  reader.exec('begin');
  reader.prepare('select count(*) from stockfold_record').get();
  // As many commits as above.
  await restockOften(60);
  expect(logSize()).toBeGreaterThan(16 * MIB);
  reader.exec('commit');
  await restockOften(2);
  expect(logSize()).toBeLessThanOrEqual(8 * MIB);
  reader.close();
  expect((await ledger.verify())._unsafeUnwrap().ok).toBe(true);
  await ledger.close();
});
