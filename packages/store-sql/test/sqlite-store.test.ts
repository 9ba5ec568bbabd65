import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  type BalanceKey,
  createLedger,
  type LedgerStore,
  type ProductId,
  restock,
  startTracking,
} from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { toStoreFault } from '../src/sqlite/fault.ts';

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

  it('answers an open file before a ledger sets its timer', async () => {
    let timers = 0;
    const setTimer = () => {
      timers++;
      return () => undefined;
    };
    const store = createSqliteStore({ path: join(directory, 'timers.db') });
    const ledger = createLedger({ store, setTimer });
    expect((await ledger.execute(start(ID))).isOk()).toBe(true);
    const before = timers;
    expect(before).toBeGreaterThan(0);
    expect((await ledger.execute(start(ledger.newId()))).isOk()).toBe(true);
    expect(timers).toBe(before);
    await ledger.close();
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

  it('takes what looks like a URI for the name of a file', async () => {
    const here = process.cwd();
    process.chdir(directory);
    try {
      const store = createSqliteStore({ path: 'file:x.db?mode=memory' });
      expect(store.durability).toBe('device');
      await createLedger({ store }).execute(start(ID));
      await store.close();
      expect(existsSync('file:x.db?mode=memory')).toBe(true);
    } finally {
      process.chdir(here);
    }
  });

  it('does not even set WAL on a file of a newer version', async () => {
    const path = join(directory, 'newer-untouched.db');
    const db = new DatabaseSync(path);
    db.exec("create table stockfold_migration (name text); insert into stockfold_migration values ('9999_future')");
    db.close();
    const before = readFileSync(path);
    expect(await faultOf(createSqliteStore({ path }))).toBe('StoreTooNew');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it.each([
    ['record', "update stockfold_record set events = '{}'"],
    ['record', "update stockfold_record set events = '[null]'"],
    ['record', 'update stockfold_record set events = \'[{"kind":"MovementsRecorded"}]\''],
    ['record', "update stockfold_record set events = 'no JSON'"],
    ['policy', "update stockfold_organization set policy = '{}'"],
  ])('says that a %s is damaged, and never throws: %s', async (what, damage) => {
    const path = join(directory, `damaged-${Math.random()}.db`);
    const store = createSqliteStore({ path });
    await createLedger({ store }).execute(start(ID));
    const db = new DatabaseSync(path);
    db.exec(damage);
    db.close();
    const ledger = createLedger({ store });
    const answers = [
      await ledger.execute(start(ID)),
      what === 'record' ? await ledger.verify() : await ledger.execute(start(ID)),
    ];
    for (const answer of answers) {
      const fault = answer._unsafeUnwrapErr();
      expect(fault).toMatchObject({ kind: 'StoreFailed', message: expect.stringMatching(/damaged/) });
    }
    await store.close();
  });

  it('finds a record behind the head of the journal', async () => {
    const path = join(directory, 'behind.db');
    const store = createSqliteStore({ path });
    const ledger = createLedger({ store });
    await ledger.execute(start(ID));
    const db = new DatabaseSync(path);
    db.exec('update stockfold_organization set sequence = 0');
    db.close();
    const { ok, breaches } = (await ledger.verify())._unsafeUnwrap();
    expect(ok).toBe(false);
    expect(breaches).toMatchObject([{ invariant: 'sequenceIsDense', after: 0, sequence: 1 }]);
    await store.close();
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

  it('opens the file again after it could not be read, and finds what was put in its place', async () => {
    const path = join(directory, 'broken.db');
    const first = createLedger({ store: createSqliteStore({ path }) });
    await first.execute(start(ID));
    await first.close();
    copyFileSync(path, `${path}.kept`);
    const store = createSqliteStore({ path });
    const ledger = createLedger({ store });
    expect((await ledger.locations())._unsafeUnwrap()).toHaveLength(4);
    truncateSync(path, 4_096);
    const broken = (await ledger.journal())._unsafeUnwrapErr();
    expect(['StoreUnavailable', 'StoreFailed']).toContain(broken.kind);
    for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true });
    renameSync(`${path}.kept`, path);
    expect((await ledger.journal())._unsafeUnwrap().items).toHaveLength(1);
    await store.close();
  });

  it.each(['deleted', 'replaced', 'moved'])('acknowledges nothing in a file that was %s behind its back', async how => {
    const path = join(directory, `${how}.db`);
    const store = createSqliteStore({ path });
    const ledger = createLedger({ store });
    await ledger.execute(start(ID));
    renameSync(path, `${path}.kept`);
    if (how === 'deleted') rmSync(`${path}.kept`);
    if (how === 'replaced') writeFileSync(path, '');
    const second = start('00000000-0000-4000-8000-000000000002');
    expect((await ledger.execute(second))._unsafeUnwrapErr()).toMatchObject({
      kind: 'StoreUnavailable',
      retry: 'same-command',
    });
    if (how === 'moved') {
      renameSync(`${path}.kept`, path);
      expect((await ledger.execute(second))._unsafeUnwrap().sequence).toBe(2);
    }
    await store.close();
  });

  it('keeps what is in memory whatever goes wrong', async () => {
    const store = createSqliteStore({ path: ':memory:' });
    const ledger = createLedger({ store });
    const { sequence, commandId } = (await ledger.execute(start(ID)))._unsafeUnwrap();
    const { items } = (await ledger.journal())._unsafeUnwrap();
    const nowhere = { locationId: ID, variantId: ID } as unknown as BalanceKey;
    const fault = await store.commit({
      organizationId: ledger.organizationId,
      configVersion: 1,
      at: 0,
      records: items.map(item => ({ ...item, commandId: ledger.newId() as typeof commandId })),
      balances: [{ key: nowhere, productId: ID as ProductId, delta: 1 }],
      postings: [{ record: 0, balance: 0, delta: 1, running: 1 }],
      config: [],
      assumed: [],
      observe: [],
    });
    expect(fault._unsafeUnwrapErr().kind).toBe('StoreFailed');
    expect((await ledger.execute(start(ID)))._unsafeUnwrap()).toMatchObject({ sequence, replayed: true });
    await store.close();
  });

  it('keeps numbers that JavaScript counts exactly, in strict tables', async () => {
    const path = join(directory, 'numbers.db');
    const ledger = createLedger({ store: createSqliteStore({ path }) });
    const lines = [restock('STORE', { productId: ID, variantId: ID }, 1)];
    const tracking = [startTracking(ID)];
    (await ledger.execute({ kind: 'RecordMovements', id: ID, tracking, lines }))._unsafeUnwrap();
    await ledger.close();
    const db = new DatabaseSync(path);
    const tables = db
      .prepare(
        "select name, strict from pragma_table_list where type = 'table' and name like 'stockfold\\_%' escape '\\'",
      )
      .all();
    const lax = tables.filter(({ strict }) => strict === 0).map(({ name }) => name);
    expect(tables.length - lax.length).toBeGreaterThanOrEqual(7);
    // The migrator's own.
    for (const name of lax) expect(name).toMatch(/^stockfold_migration/);
    const numbers = [
      ['stockfold_organization', 'sequence'],
      ['stockfold_organization', 'recorded_at'],
      ['stockfold_balance', 'on_hand'],
      ['stockfold_posting', 'delta'],
      ['stockfold_posting', 'after'],
    ];
    for (const [table, column] of numbers) {
      for (const beyond of [2n ** 53n, -(2n ** 53n)])
        expect(() => db.prepare(`update ${table} set ${column} = ?`).run(beyond)).toThrow(/CHECK constraint failed/);
      expect(() => db.exec(`update ${table} set ${column} = 'many'`)).toThrow(/cannot store TEXT/);
    }
    db.close();
  });

  it('takes a lock that was lost between reading and writing for a busy file', () => {
    const path = join(directory, 'snapshot.db');
    const [one, other] = [new DatabaseSync(path, { timeout: 1_000 }), new DatabaseSync(path)];
    one.exec('pragma journal_mode = wal; create table t (n)');
    one.exec('begin');
    one.prepare('select * from t').all();
    other.exec('insert into t values (1)');
    let error: unknown;
    try {
      one.exec('insert into t values (2)');
    } catch (thrown) {
      error = thrown;
    }
    // SQLITE_BUSY_SNAPSHOT: no waiting helps, only beginning again.
    expect(error).toMatchObject({ errcode: 517 });
    expect(toStoreFault(error)).toMatchObject({ kind: 'StoreBusy', retry: 'same-command' });
    one.close();
    other.close();
  });
});
