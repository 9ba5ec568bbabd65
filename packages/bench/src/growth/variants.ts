import { createLedger, sale } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import type { Ground } from '../ground.ts';
import { load } from '../load.ts';
import type { Contest, Sample, Sides } from '../row.ts';
import { inTurn, record, stockUp, variantsOf } from '../shop.ts';

const [FEW, MANY] = [1_000, 1_000_000];

/** How much more a command costs with a thousand times as many variants, against how much more a look-up in a `Map` does. */
export const growthWithVariants: Contest = {
  rows: [{ name: 'growth/variants', figure: 'growth', unit: '×', target: { atMost: 1.25 } }],
  open,
};

async function open({ size }: Ground): Promise<Sides> {
  const variants = variantsOf(MANY);
  const [few, many] = [await shop(size.ms, variants.slice(0, FEW)), await shop(size.ms, variants)];
  return {
    ours: async () => growth(await few.ours(), await many.ours()),
    reference: async () => growth(few.reference(), many.reference()),
    close: async () => {
      await few.close();
      await many.close();
    },
  };
}

function growth(few: number, many: number): Sample {
  return { growth: few / many };
}

/** One ledger and one `Map` of the same variants, met in no order: what each does in a second. */
async function shop(ms: number, variants: ReturnType<typeof variantsOf>) {
  const ledger = createLedger({ store: createMemoryStore(), policy: { floors: { STORE: 0 } } });
  await stockUp(ledger, variants);
  const records = new Map(variants.map(({ variantId }) => [variantId, { onHand: 0 }]));
  const shuffled = variants.map(
    (_, index) => variants[(index * STRIDE) % variants.length] as (typeof variants)[number],
  );
  const [ourVariant, theirVariant] = [inTurn(shuffled), inTurn(shuffled)];
  return {
    ours: async () => (await load(1, ms, () => record(ledger, [sale('STORE', ourVariant(), 1)]))).perSecond,
    reference: () => {
      const start = performance.now();
      let count = 0;
      for (; performance.now() < start + ms; count += BATCH)
        for (let index = 0; index < BATCH; index++) {
          const balance = records.get(theirVariant().variantId);
          if (balance !== undefined) balance.onHand -= 1;
        }
      return (count * 1_000) / (performance.now() - start);
    },
    close: () => ledger.close(),
  };
}

// So often the clock is read.
const BATCH = 100;
// No multiple of 2 or 5, so all variants come; far apart, so that no cache has the next one.
const STRIDE = 387_413;
