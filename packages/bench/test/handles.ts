import { setImmediate } from 'node:timers/promises';
import { createLedger, type LedgerStore } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { startPostgres } from '../../testing/test/postgres/server.ts';
import { record, stockUp, variantsOf } from '../src/shop.ts';

// `node handles.ts sqlite`: trades, watches and closes, and prints the handles that are there then and were not before.

const server = await startPostgres();
const connectionString = await server.newDatabase();
const stores: Readonly<Record<string, () => LedgerStore>> = {
  memory: () => createMemoryStore(),
  sqlite: () => createSqliteStore({ path: ':memory:' }),
  postgres: () => createPostgresStore({ connectionString }),
};
const open = stores[process.argv[2] ?? ''];
if (open === undefined) throw new Error(`name one of ${Object.keys(stores)}`);

// What the process writes to exists when it has been written to.
process.stdout.write('');
const before = counts(process.getActiveResourcesInfo());
const ledger = createLedger({ store: open() });
ledger.watch({ locationId: 'STORE' }, () => undefined);
await stockUp(ledger, variantsOf(10));
await Promise.all([...Array(20)].map(() => record(ledger, [], [crypto.randomUUID()])));
(await ledger.close())._unsafeUnwrap();
// A socket is gone in the turn after it was ended.
for (let turn = 0; turn < 100 && left().length > 0; turn++) await setImmediate();
console.log(JSON.stringify(left()));
await server.stop();

function left(): readonly string[] {
  const now = counts(process.getActiveResourcesInfo());
  return [...now]
    .filter(([kind, count]) => kind !== 'Immediate' && count > (before.get(kind) ?? 0))
    .map(([kind]) => kind);
}

function counts(kinds: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const kind of kinds) found.set(kind, (found.get(kind) ?? 0) + 1);
  return found;
}
