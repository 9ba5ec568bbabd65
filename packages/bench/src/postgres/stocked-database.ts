import { createLedger, type Ledger, type Variant } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import pg from 'pg';
import type { Ground } from '../ground.ts';
import { stockUp } from '../shop.ts';

const POLICY = { floors: { STORE: 0 } };

/** A database with the ledger's tables, in which some variants are in stock. */
export type StockedDatabase = Readonly<{
  url: string;
  /** The integers that stand for things in its tables, as a program that is written for them would know them. */
  integers: Integers;
}>;

export type Integers = Readonly<{
  organization: number;
  /** By UUID. */
  variants: ReadonlyMap<string, number>;
  /** By type. */
  locations: Readonly<Record<'STORE' | 'SOLD', { location: number; id: string }>>;
}>;

/** Makes one. */
export async function stockedDatabase(ground: Ground, variants: readonly Variant[]): Promise<StockedDatabase> {
  const url = await ground.newDatabase();
  const ledger = openLedger(url);
  await stockUp(ledger, variants);
  await ledger.close();
  const client = await connect(url);
  // What autovacuum would come to do in the middle of a repetition.
  await client.query('vacuum analyze');
  const integers = await integersOf(client);
  await client.end();
  return { url, integers };
}

/** A ledger whose memory is empty. */
export function openLedger(connectionString: string): Ledger {
  return createLedger({ store: createPostgresStore({ connectionString }), policy: POLICY });
}

export async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function integersOf(client: pg.Client): Promise<Integers> {
  const organizations = await client.query('select organization from stockfold.organization');
  const variants = await client.query('select variant, id from stockfold.variant');
  const locations = await client.query('select type, location, id from stockfold.location');
  return {
    organization: organizations.rows[0].organization,
    variants: new Map(variants.rows.map(({ id, variant }) => [id, variant])),
    locations: Object.fromEntries(locations.rows.map(({ type, ...rest }) => [type, rest])) as Integers['locations'],
  };
}
