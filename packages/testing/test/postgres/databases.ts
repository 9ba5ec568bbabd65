import pg from 'pg';
import { expectBooksInOrder, type Writer } from '../invariant-views.ts';
import { type PostgresServer, startPostgres } from './server.ts';

/** One database that tests use in turn. */
export type Lent = Readonly<{ url: string; pool: pg.Pool; giveBack: (writer?: Writer) => Promise<void> }>;

/** Databases that are emptied and lent again, since to make one takes longer than most tests. */
export type Databases = Readonly<{ lend: () => Promise<Lent>; stop: () => Promise<void> }>;

const TABLES = ['organization', 'location', 'product', 'variant', 'balance', 'record', 'posting', 'low_stock', 'note'];
const EMPTY = TABLES.map(table => `delete from stockfold.${table}`).join('; ');

/** Starts a server, one of the tests' when no other is given, and lends databases on it. */
export async function startDatabases(start: () => Promise<PostgresServer> = startPostgres): Promise<Databases> {
  const server = await start();
  const free: Lent[] = [];
  const pools: pg.Pool[] = [];
  const make = async (): Promise<Lent> => {
    const url = await server.newDatabase();
    const pool = new pg.Pool({ connectionString: url, max: 10 });
    pool.on('error', () => undefined);
    pools.push(pool);
    const lent: Lent = {
      url,
      pool,
      giveBack: async (writer = 'a ledger') => {
        const { rows } = await pool.query(`select to_regclass('stockfold.posting') is not null as made`);
        if (rows[0]?.made === true) {
          // Whatever a test has written, the invariants hold in SQL too.
          await expectBooksInOrder(writer, async view => (await pool.query(`select * from stockfold.${view}`)).rows);
          await pool.query(EMPTY);
        }
        free.push(lent);
      },
    };
    return lent;
  };
  return {
    lend: async () => free.pop() ?? (await make()),
    stop: async () => {
      for (const pool of pools) await pool.end();
      await server.stop();
    },
  };
}
