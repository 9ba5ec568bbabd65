import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLedger, startTracking } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import type { Ground } from '../ground.ts';
import { type Dialect, fillHistory, PRODUCT } from './fill-history.ts';

/** A file with the history, made once. */
export function sqliteHistory(ground: Ground): Promise<string> {
  const known = files.get(ground) ?? make(ground);
  files.set(ground, known);
  return known;
}

const files = new WeakMap<Ground, Promise<string>>();

const SQLITE: Dialect = {
  table: name => `stockfold_${name}`,
  numbers: last =>
    `(with recursive s(n) as (select 1 union all select n + 1 from s where n < ${last}) select n from s)`,
  uuid: (digit, number) => `printf('${digit}0000000-0000-4000-8000-%012d', ${number})`,
  asCommandId: uuid => `unhex(replace(${uuid}, '-', ''))`,
  asId: uuid => uuid,
};

async function make({ newFolder, size }: Ground): Promise<string> {
  const path = join(await newFolder(), 'history.db');
  const ledger = createLedger({ store: createSqliteStore({ path }) });
  const tracking = [startTracking(PRODUCT)];
  (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking }))._unsafeUnwrap();
  await ledger.close();
  const db = new DatabaseSync(path);
  db.exec('begin');
  for (const statement of fillHistory(SQLITE, size.movements, ledger.systemLocations)) db.exec(statement);
  db.exec('commit');
  db.exec('analyze; pragma wal_checkpoint(truncate)');
  db.close();
  return path;
}
