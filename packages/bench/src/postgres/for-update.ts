import { uuidV7, type Variant } from '@stockfold/core';
import pg from 'pg';
import { ONE_STATEMENT } from './one-statement.ts';
import type { StockedDatabase } from './stocked-database.ts';

/** The reference: what it takes. */
export type ForUpdate = Readonly<{ sell: (quantity: number) => Promise<void>; end: () => Promise<void> }>;

/**
 * The reference: how one would write it by hand. It locks the balance, looks whether there is enough, and writes
 * the same rows as the ledger by one named statement; four round trips on one of 8 connections.
 */
export function forUpdate({ url, integers }: StockedDatabase, variant: Variant): ForUpdate {
  const pool = new pg.Pool({ connectionString: url, max: 8 });
  // The server is ended while connections that were given back are still saying goodbye.
  pool.on('error', () => undefined);
  const { organization, variants, locations } = integers;
  const integer = variants.get(variant.variantId);
  const { STORE, SOLD } = locations;
  return {
    sell: async (quantity: number): Promise<void> => {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const { rows } = await client.query({
          name: 'lock',
          text: LOCK,
          values: [organization, integer, STORE.location],
        });
        if (Number(rows[0].on_hand) < quantity) {
          await client.query('rollback');
          return;
        }
        const line = { ...variant, from: STORE.id, to: SOLD.id, quantity };
        const events = JSON.stringify([{ kind: 'MovementsRecorded', lines: [line] }]);
        const changes = [
          `{${integer},${integer}}`,
          `{${STORE.location},${SOLD.location}}`,
          `{${-quantity},${quantity}}`,
        ];
        const values = [organization, Date.now(), uuidV7(), events, ...changes];
        await client.query({ name: 'write', text: ONE_STATEMENT, values });
        await client.query('commit');
      } finally {
        client.release();
      }
    },
    end: () => pool.end(),
  };
}

const LOCK = `select on_hand from stockfold.balance where organization = $1 and variant = $2 and location = $3 for update`;
