import { once } from 'node:events';
import { createLedger } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';
import { doOp, drawOps } from './traders.ts';

// One of several processes that trade the same mug: `node trader-process.ts <address> <seed> <traders> <each>`. Says
// that it is ready, waits for a word, and prints each call with its answer as a line of JSON.

const [connectionString = '', seed, traders, each] = process.argv.slice(2);
const ledger = createLedger({ store: createPostgresStore({ connectionString }) });

async function trader(number: number): Promise<void> {
  for (const op of drawOps(Number(seed) * 100 + number, Number(each)))
    for (const call of await doOp(() => ledger, op)) console.log(JSON.stringify(call));
}

// Its connection is open and its tables are there before the others begin.
(await ledger.journal({ limit: 1 }))._unsafeUnwrap();
console.log('ready');
await once(process.stdin, 'data');
process.stdin.destroy();
await Promise.all(Array.from({ length: Number(traders) }, (_, number) => trader(number)));
await ledger.close();
