import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLedger, type LedgerStore, startTracking } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { afterAll, describe, expect, it } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'stockfold-sqlite-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const start = (id: string) => ({ kind: 'RecordMovements', id, tracking: [startTracking(id)] }) as const;
const ID = '00000000-0000-4000-8000-000000000001';

async function faultOf(store: LedgerStore): Promise<string> {
  return (await createLedger({ store }).execute(start(ID)))._unsafeUnwrapErr().kind;
}

describe('a SQLite store', () => {
  it('is on disk in a file and in memory without one', () => {
    expect(createSqliteStore({ path: join(directory, 'never-opened.db') }).durability).toBe('device');
    expect(createSqliteStore({ path: ':memory:' }).durability).toBe('memory');
  });

  it('keeps a file in WAL mode', async () => {
    const path = join(directory, 'wal.db');
    const ledger = createLedger({ store: createSqliteStore({ path }) });
    await ledger.execute(start(ID));
    await ledger.close();
    const db = new DatabaseSync(path);
    expect(db.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
    db.close();
  });

  it('is refused for options that are none', () => {
    expect(() => createSqliteStore({ path: 7 as unknown as string })).toThrow(TypeError);
    for (const busyTimeoutMs of [-1, 0.5, Number.NaN, 2 ** 31])
      expect(() => createSqliteStore({ path: 'x', busyTimeoutMs })).toThrow(TypeError);
  });

  it('is unavailable while its directory is not there, and works once it is', async () => {
    const store = createSqliteStore({ path: join(directory, 'later', 'ledger.db') });
    expect(await faultOf(store)).toBe('StoreUnavailable');
    mkdirSync(join(directory, 'later'));
    expect((await createLedger({ store }).execute(start(ID))).isOk()).toBe(true);
    await store.close();
  });

  it('fails on a file that is no database', async () => {
    const path = join(directory, 'text.db');
    writeFileSync(path, 'This is a shopping list, and long enough to be a page of a database. '.repeat(100));
    expect(await faultOf(createSqliteStore({ path }))).toBe('StoreFailed');
  });

  it('leaves a file alone that a newer version has written', async () => {
    const path = join(directory, 'newer.db');
    const ledger = createLedger({ store: createSqliteStore({ path }) });
    await ledger.execute(start(ID));
    await ledger.close();
    const db = new DatabaseSync(path);
    db.exec("insert into stockfold_migration values ('9999_future', '2099-01-01')");
    db.close();
    expect(await faultOf(createSqliteStore({ path }))).toBe('StoreTooNew');
  });

  it('is busy while another holds the file, and works afterwards', async () => {
    const path = join(directory, 'busy.db');
    const store = createSqliteStore({ path, busyTimeoutMs: 20 });
    await createLedger({ store }).execute(start(ID));
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    const second = start('00000000-0000-4000-8000-000000000002');
    expect((await createLedger({ store }).execute(second))._unsafeUnwrapErr()).toMatchObject({
      kind: 'StoreBusy',
      retry: 'same-command',
    });
    expect((await createLedger({ store }).journal())._unsafeUnwrap().items).toHaveLength(1);
    other.exec('rollback');
    other.close();
    expect((await createLedger({ store }).execute(second))._unsafeUnwrap().sequence).toBe(2);
    await store.close();
  });

  it('is opened while another writes, since there is nothing to migrate', async () => {
    const path = join(directory, 'reading.db');
    const ledger = createLedger({ store: createSqliteStore({ path }) });
    await ledger.execute(start(ID));
    const other = new DatabaseSync(path);
    other.exec('begin immediate');
    const reader = createLedger({ store: createSqliteStore({ path, busyTimeoutMs: 0 }) });
    expect((await reader.journal())._unsafeUnwrap().items).toHaveLength(1);
    other.close();
    await reader.close();
    await ledger.close();
  });

  it('is opened many times at once on a new file', async () => {
    const path = join(directory, 'many.db');
    const ledgers = Array.from({ length: 8 }, () =>
      createLedger({ store: createSqliteStore({ path, busyTimeoutMs: 200 }) }),
    );
    const answers = await Promise.all(ledgers.map(ledger => ledger.execute(start(ledger.newId()))));
    expect(answers.map(answer => answer._unsafeUnwrap().sequence).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const ledger of ledgers) await ledger.close();
  });
});
