import { createLedger, DEFAULT_ORGANIZATION_ID, deriveSystemLocations, restock, sale, uuidV7 } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import type { Ground } from '../ground.ts';
import { load } from '../load.ts';
import type { Contest, Sides } from '../row.ts';
import { chunks, inTurn, record, STOCK, stockUp, variantsOf } from '../shop.ts';
import { HandWrittenLoop } from './hand-written-loop.ts';

/** The memory store and the whole ledger above it, one caller, against a hand-written loop. */
export const memoryStore: readonly Contest[] = [1, 2, 100, 1_000].map(lines => ({
  rows: [{ name: `memory/${lines}-lines`, figure: 'perSecond', unit: 'commands/s', target: { atLeast: 0.6 } }],
  open: ground => open(ground, lines),
}));

/**
 * Each repetition has books of its own: what the reference keeps is on the heap, and would be marked by the collector
 * while ours runs, and the more of it the longer.
 */
async function open(ground: Ground, lines: number): Promise<Sides> {
  const variants = variantsOf(1_000);
  const restocks = variants.map(variant => restock('STORE', variant, STOCK));
  const sales = variants.map(variant => sale('STORE', variant, 1));
  const carts = chunks(sales, lines);
  return {
    ours: async () => {
      const ledger = createLedger({ store: createMemoryStore(), policy: { floors: { STORE: 0 } } });
      await stockUp(ledger, variants);
      const cart = inTurn(carts);
      const sample = await load(1, ground.size.ms, () => record(ledger, cart()));
      await ledger.close();
      return sample;
    },
    reference: async () => {
      const reference = new HandWrittenLoop(deriveSystemLocations(DEFAULT_ORGANIZATION_ID));
      reference.track(variants.map(variant => variant.productId));
      reference.execute(uuidV7(), restocks);
      const cart = inTurn(carts);
      return load(1, ground.size.ms, async () => void reference.execute(uuidV7(), cart()));
    },
    close: async () => undefined,
  };
}
