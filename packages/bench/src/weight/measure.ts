import { setImmediate } from 'node:timers/promises';
import { createLedger, type Ledger, type LedgerStore, sale, transfer, type Variant } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { chunks, record, stockUp, variantsOf } from '../shop.ts';

// `node --expose-gc measure.ts`: prints what the memory store keeps, in bytes, as JSON.

const LINES = 1_000;
const MOVEMENTS = 256_000;

// The first time also weighs the code that is compiled.
await weightOf(sellBy(1));
const plain = await weightOf(sellBy(LINES));
const alone = await weightOf(sellBy(1));
const spread = await weightOf(spreadOut);
const figures = {
  perMovement: plain / MOVEMENTS,
  perCommandId: (alone - plain) / (MOVEMENTS - MOVEMENTS / LINES),
  perBalance: (spread - plain) / MOVEMENTS,
};
console.log(JSON.stringify(figures));

type Work = (ledger: Ledger, variants: readonly Variant[]) => Promise<void>;

/** The same number of movements each time: what differs between two weights is what one has more of. */
async function weightOf(work: Work): Promise<number> {
  const variants = variantsOf(LINES);
  const store = createMemoryStore();
  await onLedger(store, ledger => stockUp(ledger, variants));
  const before = await bytes();
  await onLedger(store, ledger => work(ledger, variants));
  const weight = (await bytes()) - before;
  await store.close();
  return weight;
}

/** A ledger of its own, which is forgotten with the rows that it remembers: the store is weighed alone. */
async function onLedger(store: LedgerStore, work: (ledger: Ledger) => Promise<void>): Promise<void> {
  await work(createLedger({ store }));
}

function sellBy(lines: number): Work {
  return async (ledger, variants) => {
    for (let sold = 0; sold < MOVEMENTS; sold += variants.length)
      for (const cart of chunks(variants, lines))
        await record(
          ledger,
          cart.map(variant => sale('STORE', variant, 1)),
        );
  };
}

/** Each command moves all variants to a location that had none of them. */
async function spreadOut(ledger: Ledger, variants: readonly Variant[]): Promise<void> {
  for (let moved = 0; moved < MOVEMENTS; moved += variants.length) {
    const id = crypto.randomUUID();
    const location = { id, type: 'STORE', name: 'shelf' } as const;
    (await ledger.execute({ kind: 'OpenLocation', id: ledger.newId(), location }))._unsafeUnwrap();
    await record(
      ledger,
      variants.map(variant => transfer('STORE', id, variant, 1)),
    );
  }
}

/** A turn of the event loop goes before each collection: what a job of it still holds is no part of a store. */
async function bytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await setImmediate();
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
