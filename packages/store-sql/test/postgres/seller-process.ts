import { createLedger, sale } from '@stockfold/core';
import { createPostgresStore } from '@stockfold/store-sql/postgres';

// One of several processes that sell the same variant: `node seller-process.ts <address> <variant> <product>
// <sellers> <each>`. Prints each command's id and the sequence of its receipt, null when it was refused.

const [connectionString = '', variantId = '', productId = '', sellers, each] = process.argv.slice(2);
const ledger = createLedger({ store: createPostgresStore({ connectionString }) });

async function seller(): Promise<void> {
  for (let count = 0; count < Number(each); count++) {
    const id = ledger.newId();
    const lines = [sale('STORE', { productId, variantId }, 1)];
    const result = await ledger.execute({ kind: 'RecordMovements', id, lines });
    if (result.isErr() && result.error.kind !== 'StockInsufficient') throw new Error(JSON.stringify(result.error));
    console.log(JSON.stringify({ id, receipt: result.isOk() ? result.value : null, attempts: 1 }));
  }
}

await Promise.all(Array.from({ length: Number(sellers) }, seller));
await ledger.close();
