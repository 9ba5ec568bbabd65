import { join } from 'node:path';
import { createLedger, type Ledger, sale, type Variant } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import type { Ground } from '../ground.ts';
import { load } from '../load.ts';
import { type Contest, type Sides, SLOW_WARM_UP } from '../row.ts';
import { chunks, inTurn, record, stockUp, variantsOf } from '../shop.ts';
import { preparedInserts } from './prepared-inserts.ts';

/** One caller with FULL durability, against hand-written prepared statements that write the same rows. */
export const sqliteSingleCaller: readonly Contest[] = [1, 100, 1_000].map(lines => ({
  rows: [{ name: `sqlite/full/${lines}-lines`, figure: 'perSecond', unit: 'commands/s', target: { atLeast: 0.8 } }],
  ...(lines === 1 && { warmUp: SLOW_WARM_UP }),
  open: ground => open(ground, lines),
}));

/** 32 callers, whose commands are committed in groups, against one. */
export const sqliteCallers: Contest = {
  rows: [{ name: 'sqlite/full/32-callers', figure: 'perSecond', unit: 'commands/s', target: { atLeast: 5 } }],
  open: async ground => {
    const variants = variantsOf(VARIANTS);
    const [many, one] = [await stockedLedger(ground, variants), await stockedLedger(ground, variants)];
    const [ourVariant, theirVariant] = [inTurn(variants), inTurn(variants)];
    const sell = (ledger: Ledger, variant: Variant) => record(ledger, [sale('STORE', variant, 1)]);
    return {
      ours: () => load(32, ground.size.ms, () => sell(many.ledger, ourVariant())),
      reference: () => load(1, ground.size.ms, () => sell(one.ledger, theirVariant())),
      close: async () => {
        await many.ledger.close();
        await one.ledger.close();
      },
    };
  },
};

const VARIANTS = 1_000;

async function open(ground: Ground, lines: number): Promise<Sides> {
  const variants = variantsOf(VARIANTS);
  const mine = await stockedLedger(ground, variants);
  const theirs = await stockedLedger(ground, variants);
  await theirs.ledger.close();
  const reference = preparedInserts(theirs.path);
  const carts = chunks(variants, lines);
  const [ourCart, theirCart] = [inTurn(carts), inTurn(carts)];
  const sell = (sold: readonly Variant[]) =>
    record(
      mine.ledger,
      sold.map(variant => sale('STORE', variant, 1)),
    );
  return {
    ours: () => load(1, ground.size.ms, () => sell(ourCart())),
    reference: () => load(1, ground.size.ms, async () => reference.sell(theirCart())),
    close: async () => {
      await mine.ledger.close();
      reference.close();
    },
  };
}

async function stockedLedger(ground: Ground, variants: readonly Variant[]): Promise<{ ledger: Ledger; path: string }> {
  const path = join(await ground.newFolder(), 'stock.db');
  const ledger = createLedger({ store: createSqliteStore({ path }), policy: { floors: { STORE: 0 } } });
  await stockUp(ledger, variants);
  return { ledger, path };
}
