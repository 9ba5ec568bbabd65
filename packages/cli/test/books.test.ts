import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLedger, restock, sale, startTracking } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from './stockfold.ts';

const folder = mkdtempSync(join(tmpdir(), 'stockfold-books-'));
const file = (name: string) => join(folder, name);
const STOCK = file('stock.db');
const MUG = { productId: '65314d7e-5f0f-11ec-bf63-0242ac130002', variantId: '78194842-5f0f-11ec-bf63-0242ac130002' };

beforeAll(async () => {
  const ledger = createLedger({ store: createSqliteStore({ path: STOCK }), policy: { floors: { STORE: 0 } } });
  const record = (command: object) => ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), ...command });
  (await record({ tracking: [startTracking(MUG.productId)], lines: [restock('STORE', MUG, 12)] }))._unsafeUnwrap();
  (await record({ lines: [sale('STORE', MUG, 1)] }))._unsafeUnwrap();
  await ledger.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function damage(name: string, statement: string): string {
  writeFileSync(file(name), readFileSync(STOCK));
  const db = new DatabaseSync(file(name));
  db.exec(statement);
  db.close();
  return file(name);
}

describe('stockfold verify', () => {
  it('says that all is well', async () => {
    expect(await run('verify', '--db', STOCK)).toEqual({
      code: 0,
      stdout: '2 records fold to 3 balances, and every invariant holds.\n',
      stderr: '',
    });
  });

  it('prints what is wrong, a line of JSON each, with exit code 2; rebuild mends it', async () => {
    const db = damage('edited.db', 'update stockfold_balance set on_hand = 40 where location = 1');
    const { code, stdout, stderr } = await run('verify', '--db', db);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'stockfold: 2 breaches; "rebuild" mends those that the journal speaks of.\n',
    });
    const breaches = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(breaches).toMatchObject([
      { invariant: 'matchesJournal', folded: 11, stored: 40 },
      { invariant: 'conserves' },
    ]);
    expect(await run('rebuild', '--db', db)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Mended 2 breaches/),
    });
    expect(await run('rebuild', '--db', db)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Nothing was wrong/),
    });
    expect(await run('verify', '--db', db)).toMatchObject({ code: 0 });
  });

  it('says what rebuild cannot mend, with exit code 2, and what cannot be read, with 1', async () => {
    const gone = damage('gone.db', 'delete from stockfold_record where sequence = 1');
    const { code, stdout, stderr } = await run('rebuild', '--db', gone);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('bring back a backup') });
    expect(stdout).toContain('"invariant":"sequenceIsDense"');
    const torn = damage('torn.db', `update stockfold_record set events = '[' where sequence = 1`);
    expect(await run('rebuild', '--db', torn)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('record 1 is damaged (StoreFailed)'),
    });
    const note = damage('policy.db', `update stockfold_organization set policy = '{'`);
    expect(await run('rebuild', '--db', note)).toMatchObject({ code: 0, stdout: expect.stringContaining('damaged)') });
  });

  it.each([
    [['verify', '--db', file('nothing.db')], /there is no such file/],
    [['export', '--db', STOCK, '--organization', 'shop'], /--organization is a UUID/],
    [['verify', '--db', STOCK, '--organization', MUG.productId], /nothing was recorded for organization/],
    [['export', '--db', STOCK, '--organization', MUG.productId], /nothing was recorded for organization/],
    [['import', '--db', file('nothing.db'), file('nothing.ndjson')], /there is no such file/],
  ])('says in a line what is wrong with %s', async (args, message) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
    expect(existsSync(file('nothing.db'))).toBe(false);
  });
});

describe('stockfold seal', () => {
  it('prints what it has written down, and an edit is found from then on', async () => {
    const db = damage('sealed.db', 'select 1');
    const { code, stdout } = await run('seal', '--db', db);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^2 [0-9a-f]{64}\n$/)]);
    expect(await run('verify', '--db', db)).toMatchObject({ code: 0 });
    const opened = new DatabaseSync(db);
    opened.exec(`update stockfold_record set external_uuid = '${MUG.productId}' where sequence = 2`);
    opened.close();
    const found = await run('verify', '--db', db);
    expect([found.code, found.stdout]).toEqual([2, expect.stringContaining('"invariant":"sealHolds"')]);
    const none = await run('seal', '--db', db, '--organization', MUG.productId);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing was recorded') });
  });
});

describe('stockfold export and import', () => {
  it('carry a journal to another file, where it is the same text', async () => {
    const exported = await run('export', '--db', STOCK);
    expect(exported).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(file('journal.ndjson'), exported.stdout);
    const copy = file('copy.db');
    const first = await run('import', '--db', copy, file('journal.ndjson'));
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/copy\.db holds 2 records of organization \S+\.\n/),
    });
    const second = await run('import', '--db', copy, file('journal.ndjson'));
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('(2 were there already)') });
    expect((await run('export', '--db', copy)).stdout).toBe(exported.stdout);
  });

  it('say which line is refused, how far it is and what to do, with exit code 2', async () => {
    const { stdout } = await run('export', '--db', STOCK);
    writeFileSync(file('more.ndjson'), stdout.replace('"quantity":1,', '"quantity":13,'));
    expect(await run('import', '--db', file('more.db'), file('more.ndjson'))).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'stockfold: line 3 is refused by the rules (StockInsufficient); all up to record 1 is there. Export the journal again, and run the same import: it goes on from there.\n',
    });
    writeFileSync(file('none.ndjson'), '{}\n');
    expect(await run('import', '--db', file('none.db'), file('none.ndjson'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('line 1 is no line of an exported journal; nothing was recorded'),
    });
  });
});
