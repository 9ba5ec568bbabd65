import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLedger, type Ledger, type LedgerStore, refund, sale } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { startPostgres } from '../../../testing/test/postgres/server.ts';
import { record, STOCK, stockUp, variantsOf } from '../shop.ts';

/** A shop on every store, all of which trade in turn. */
export type Shops = Readonly<{
  names: readonly string[];
  /** A round of sales, refunds, reads, refusals, retries and watching in each shop. */
  trade: () => Promise<void>;
  commands: () => number;
  /** Throws when a ledger is not true. */
  verifyAll: () => Promise<void>;
  close: () => Promise<void>;
}>;

/** A memory store keeps its journal in the heap, so its shop is opened again and again; the others keep theirs on disk. */
const MEMORY_ROUNDS = 200;

/** Opens one on each store: memory, a SQLite file, and a PostgreSQL database of its own. */
export async function openShops(): Promise<Shops> {
  const folder = await mkdtemp(join(tmpdir(), 'stockfold-soak-'));
  const server = await startPostgres();
  const shops = [
    await openShop(createSqliteStore({ path: join(folder, 'soak.db') })),
    await openShop(createPostgresStore({ connectionString: await server.newDatabase() })),
  ];
  let memory = await openShop(createMemoryStore());
  let [rounds, gone] = [0, 0];
  return {
    names: ['SQLite', 'PostgreSQL', 'memory'],
    trade: async () => {
      for (const shop of shops) await shop.trade();
      await memory.trade();
      if (++rounds % MEMORY_ROUNDS !== 0) return;
      gone += memory.commands();
      await memory.close();
      memory = await openShop(createMemoryStore());
    },
    commands: () => [...shops, memory].reduce((sum, shop) => sum + shop.commands(), gone),
    verifyAll: async () => {
      for (const shop of [...shops, memory]) await shop.verify();
    },
    close: async () => {
      for (const shop of [...shops, memory]) await shop.close();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function openShop(store: LedgerStore) {
  const ledger = createLedger({ store, policy: { floors: { STORE: 0 } }, watchEveryMs: 1_000 });
  const variants = variantsOf(100);
  await stockUp(ledger, variants);
  let [rounds, commands] = [0, 0];
  return {
    commands: () => commands,
    trade: async () => {
      const stop = ledger.watch({ locationId: 'STORE' }, () => undefined);
      const variant = variants[rounds++ % variants.length] as (typeof variants)[number];
      const lines = [sale('STORE', variant, 1)];
      await Promise.all(Array.from({ length: 8 }, () => record(ledger, lines)));
      await record(ledger, [refund('STORE', variant, 1)]);
      await expectRefusal(ledger, [sale('STORE', variant, 2 * STOCK)]);
      await retry(ledger, lines);
      (await ledger.balances({ locationId: 'STORE', limit: 100 }))._unsafeUnwrap();
      (await ledger.balanceAt({ locationId: 'STORE', variantId: variant.variantId, asOf: rounds }))._unsafeUnwrap();
      stop();
      commands += 11;
    },
    verify: async () => {
      const { ok, breaches } = (await ledger.verify())._unsafeUnwrap();
      if (!ok) throw new Error(`not true: ${JSON.stringify(breaches)}`);
    },
    close: async () => void (await ledger.close()),
  };
}

async function expectRefusal(ledger: Ledger, lines: Parameters<typeof record>[1]): Promise<void> {
  const result = await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines });
  if (result.isOk() || result.error.kind !== 'StockInsufficient') throw new Error('more was sold than there is');
}

async function retry(ledger: Ledger, lines: Parameters<typeof record>[1]): Promise<void> {
  const command = { kind: 'RecordMovements', id: ledger.newId(), lines } as const;
  await ledger.execute(command);
  if (!(await ledger.execute(command))._unsafeUnwrap().replayed) throw new Error('a retry was recorded twice');
}
