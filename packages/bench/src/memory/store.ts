import { createLedger, restock, sale, uuidV7 } from '@stockfold/core';
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

async function open(ground: Ground, lines: number): Promise<Sides> {
  const variants = variantsOf(1_000);
  const ledger = createLedger({ store: createMemoryStore(), policy: { floors: { STORE: 0 } } });
  await stockUp(ledger, variants);
  const reference = new HandWrittenLoop(ledger.systemLocations);
  reference.track(variants.map(variant => variant.productId));
  reference.execute(
    uuidV7(),
    variants.map(variant => restock('STORE', variant, STOCK)),
  );
  const carts = chunks(
    variants.map(variant => sale('STORE', variant, 1)),
    lines,
  );
  const [ourCart, theirCart] = [inTurn(carts), inTurn(carts)];
  return {
    ours: () => load(1, ground.size.ms, () => record(ledger, ourCart())),
    reference: () => load(1, ground.size.ms, async () => void reference.execute(uuidV7(), theirCart())),
    close: async () => void (await ledger.close()),
  };
}
