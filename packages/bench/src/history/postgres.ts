import { startTracking } from '@stockfold/core';
import type { Ground } from '../ground.ts';
import { connect, openLedger } from '../postgres/stocked-database.ts';
import { type Dialect, fillHistory, PRODUCT } from './fill-history.ts';

/** The address of a database with the history, made once. */
export function postgresHistory(ground: Ground): Promise<string> {
  const known = addresses.get(ground) ?? make(ground);
  addresses.set(ground, known);
  return known;
}

const addresses = new WeakMap<Ground, Promise<string>>();

const POSTGRES: Dialect = {
  table: name => `stockfold.${name}`,
  numbers: last => `(select generate_series(1, ${last}) as n)`,
  uuid: (digit, number) => `('${digit}0000000-0000-4000-8000-' || lpad((${number})::text, 12, '0'))`,
  asCommandId: uuid => `${uuid}::uuid`,
  asId: uuid => `${uuid}::uuid`,
};

async function make({ newDatabase, size }: Ground): Promise<string> {
  const url = await newDatabase();
  const ledger = openLedger(url);
  const tracking = [startTracking(PRODUCT)];
  (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking }))._unsafeUnwrap();
  await ledger.close();
  const client = await connect(url);
  await client.query('begin');
  for (const statement of fillHistory(POSTGRES, size.movements, ledger.systemLocations)) await client.query(statement);
  await client.query('commit');
  await client.query('vacuum analyze');
  await client.end();
  return url;
}
