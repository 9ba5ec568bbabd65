import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { createLedger, seal } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { expect, it } from 'vitest';
import { MUG, trade } from './damage.ts';

type Row = Readonly<Record<string, SQLInputValue>>;

/** A value with one bit of it flipped: the last of a number or of bytes, one of a letter in the middle of a text. */
function flipped(value: SQLInputValue): SQLInputValue {
  if (typeof value === 'number') return value ^ 1;
  if (value === null) return MUG.productId;
  if (typeof value === 'string') {
    const at = value.length >> 1;
    return `${value.slice(0, at)}${String.fromCharCode(value.charCodeAt(at) ^ 1)}${value.slice(at + 1)}`;
  }
  const bytes = Uint8Array.from(value as Uint8Array);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes;
}

const UNSEEN = [
  // With another id it is another organization, and this one was never there.
  'organization.id',
  // What is recorded next is no earlier; and a version only has to be another after each change.
  'organization.recorded_at',
  'organization.config_version',
];

it('verify of a sealed journal finds a flipped bit, in whichever value of whichever row it is', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'stockfold-values-'));
  const path = join(directory, 'ledger.db');
  const store = createSqliteStore({ path });
  const ledger = createLedger({ store });
  await trade(store);
  const rules = [{ ...MUG, locationId: 'STORE', level: 5 }];
  (await ledger.execute({ kind: 'SetLowStock', id: ledger.newId(), rules }))._unsafeUnwrap();
  (await seal(ledger, { id: ledger.newId() }))._unsafeUnwrap();
  const isFound = async () =>
    (await ledger.verify()).match(
      ({ ok }) => !ok,
      () => true,
    );
  expect(await isFound()).toBe(false);
  const db = new DatabaseSync(path);
  const tables = [
    'organization',
    'location',
    'product',
    'variant',
    'balance',
    'record',
    'posting',
    'low_stock',
    'note',
  ];
  const missed = new Set<string>();
  let [flips, refused] = [0, 0];
  for (const table of tables) {
    const rows = db.prepare(`select * from stockfold_${table}`).all() as Row[];
    for (const row of rows.filter(({ sequence }) => table !== 'record' || sequence !== 9)) {
      for (const [column, value] of Object.entries(row)) {
        const write = (before: Row, after: SQLInputValue) => {
          const names = Object.keys(before);
          db.prepare(
            `update stockfold_${table} set ${column} = ? where ${names.map(name => `${name} is ?`).join(' and ')}`,
          ).run(after, ...Object.values(before));
        };
        try {
          write(row, flipped(value));
        } catch {
          // A constraint refuses it: two rows would be one.
          refused += 1;
          continue;
        }
        flips += 1;
        if (!(await isFound())) missed.add(`${table}.${column}`);
        write({ ...row, [column]: flipped(value) }, value);
      }
    }
  }
  expect(await isFound()).toBe(false);
  db.close();
  await store.close();
  rmSync(directory, { recursive: true });
  expect([...missed].sort()).toEqual([...UNSEEN].sort());
  expect(flips).toBeGreaterThan(150);
  expect(refused).toBeLessThan(flips);
});
