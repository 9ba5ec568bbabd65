import { createLedger, describeError, type Ledger, startTracking } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import pg from 'pg';
import { CATALOGUE } from './catalogue.ts';
import { createOrders, type Orders } from './orders.ts';

/** The ledger and the tables of the service, on one pool of connections. */
export type Shop = Readonly<{ ledger: Ledger; orders: Orders; close: () => Promise<void> }>;

// Made up once: as often as the service starts, its products begin to be tracked by one and the same command.
const OPENING = '0b54f1a2-5f0f-41ec-bf63-0242ac130002';

/** Opens the shop in a PostgreSQL database, which may be empty. Any number of processes may have it open. */
export async function openShop(connectionString: string): Promise<Shop> {
  const pool = new pg.Pool({ connectionString });
  // A connection that breaks while nobody uses it is no reason to end the process; and none to say so once the pool is
  // ended, since a server that ends too may cut off connections that are still saying goodbye.
  pool.on('error', error => {
    if (!pool.ending) console.error(`a connection was lost: ${error.message}`);
  });
  const ledger = createLedger({ store: createPostgresStore({ pool }), policy: { floors: { STORE: 0 } } });
  const products = new Set(Object.values(CATALOGUE).map(({ productId }) => productId));
  const opened = await ledger.execute({
    kind: 'RecordMovements',
    id: OPENING,
    tracking: [...products].map(startTracking),
  });
  if (opened.isErr()) {
    await pool.end();
    throw new Error(`the shop does not open: ${describeError(opened.error)}`);
  }
  const orders = await createOrders(pool, ledger);
  return {
    ledger,
    orders,
    close: async () => {
      await ledger.close();
      await pool.end();
    },
  };
}
