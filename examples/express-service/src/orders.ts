import { describeError, type Ledger, linesOf, type StoredRecord } from '@stockfold/core';
import type { Pool } from 'pg';
import { nameOf } from './catalogue.ts';

/** An order as it is shown: what was sold, and where it stands in the journal. */
export type Order = Readonly<{
  id: string;
  sequence: number;
  lines: readonly Readonly<{ item: string; quantity: number }>[];
}>;

/** The orders of the shop, for those who look at them. */
export type Orders = Readonly<{ find: (id: string) => Promise<Order | null>; newest: () => Promise<readonly Order[]> }>;

const TABLES = `
  create table if not exists orders (id uuid primary key, sequence bigint not null, lines jsonb not null);
  create table if not exists orders_read (one boolean primary key default true check (one), sequence bigint not null);
  insert into orders_read (sequence) values (0) on conflict do nothing;`;

// A row of PostgreSQL's own catalogue, a type, a table.
const ALREADY_THERE = ['23505', '42710', '42P07'];

/**
 * Orders in a table of their own, read from the journal: a sale that is recorded is an order, whatever became of the
 * process that recorded it. Nothing is written twice, so any number of processes may read on at once.
 */
export async function createOrders(pool: Pool, ledger: Ledger): Promise<Orders> {
  await pool.query(TABLES).catch(error => {
    // Of processes that begin at once one makes the tables, and `if not exists` tells the others so only the second time.
    if (!ALREADY_THERE.includes(error.code)) throw error;
    return pool.query(TABLES);
  });
  const { STORE, SOLD } = ledger.systemLocations;

  async function readOn(): Promise<void> {
    const { rows } = await pool.query('select sequence from orders_read');
    for (let after = Number(rows[0].sequence); ; ) {
      const page = await ledger.journal({ after, limit: 100 });
      if (page.isErr()) throw new Error(describeError(page.error));
      if (page.value.items.length === 0) return;
      const orders = page.value.items.flatMap(toOrder);
      after = page.value.items.at(-1)?.sequence ?? after;
      await pool.query(
        `with written as (
           insert into orders select id, sequence, lines
           from jsonb_to_recordset($1) as o (id uuid, sequence bigint, lines jsonb) on conflict do nothing
         )
         update orders_read set sequence = greatest(sequence, $2)`,
        [JSON.stringify(orders), after],
      );
    }
  }

  function toOrder(record: StoredRecord): readonly Order[] {
    const sold = linesOf(record).filter(({ from, to }) => from === STORE && to === SOLD);
    if (sold.length === 0) return [];
    const lines = sold.map(({ variantId, quantity }) => ({ item: nameOf(variantId), quantity }));
    return [{ id: record.commandId, sequence: record.sequence, lines }];
  }

  const query = async (sql: string, values: readonly unknown[] = []): Promise<readonly Order[]> => {
    await readOn();
    const { rows } = await pool.query(sql, [...values]);
    return rows.map(row => ({ ...row, sequence: Number(row.sequence) }));
  };
  return {
    find: async id => (await query('select id, sequence, lines from orders where id = $1', [id]))[0] ?? null,
    newest: () => query('select id, sequence, lines from orders order by sequence desc limit 20'),
  };
}
