import { type Ledger, sale, type Variant } from '@stockfold/core';
import type { Ground } from '../ground.ts';
import { load } from '../load.ts';
import { type Contest, type Sides, SLOW_WARM_UP } from '../row.ts';
import { chunks, inTurn, record, variantsOf } from '../shop.ts';
import { oneStatement } from './one-statement.ts';
import { openLedger, stockedDatabase } from './stocked-database.ts';

/** One caller, one command after the other, against one hand-written named statement that writes the same rows. */
export const singleCaller: readonly Contest[] = [1, 100].flatMap(lines => [
  {
    rows: [row(`postgres/warm/${lines}-lines`, 0.8)],
    ...(lines === 1 && { warmUp: SLOW_WARM_UP }),
    open: ground => openWarm(ground, lines),
  },
  {
    rows: [row(`postgres/cold/${lines}-lines`, 0.7)],
    ...(lines === 1 && { warmUp: SLOW_WARM_UP }),
    open: ground => openCold(ground, lines),
  },
]);

function row(name: string, atLeast: number): Contest['rows'][number] {
  return { name, figure: 'perSecond', unit: 'commands/s', target: { atLeast } };
}

// Ten commands of 100 lines, all of whose balances the process has written before it is measured.
const WARM_VARIANTS = 1_000;
// More than a repetition sells of.
const COLD_VARIANTS = 30_000;

async function openWarm(ground: Ground, lines: number): Promise<Sides> {
  const variants = variantsOf(WARM_VARIANTS);
  const mine = await stockedDatabase(ground, variants);
  const theirs = await stockedDatabase(ground, variants);
  const ledger = openLedger(mine.url);
  for (const some of chunks(variants, 100)) await sell(ledger, some);
  const reference = await oneStatement(theirs);
  const carts = chunks(variants, lines);
  const [ourCart, theirCart] = [inTurn(carts), inTurn(carts)];
  return {
    ours: () => load(1, ground.size.ms, () => sell(ledger, ourCart())),
    reference: () => load(1, ground.size.ms, () => reference.sell(theirCart())),
    close: async () => {
      await ledger.close();
      await reference.end();
    },
  };
}

/** Each repetition is a process that has just begun: it knows the configuration, and no balance and no integer. */
async function openCold(ground: Ground, lines: number): Promise<Sides> {
  const [known, ...variants] = variantsOf(COLD_VARIANTS + 1) as [Variant, ...Variant[]];
  const mine = await stockedDatabase(ground, [known, ...variants]);
  const theirs = await stockedDatabase(ground, [known, ...variants]);
  const reference = await oneStatement(theirs);
  const carts = chunks(variants, lines);
  const [ourCart, theirCart] = [inTurn(carts), inTurn(carts)];
  return {
    ours: async () => {
      const ledger = openLedger(mine.url);
      await sell(ledger, [known]);
      const sample = await load(1, ground.size.ms, () => sell(ledger, ourCart()));
      await ledger.close();
      return sample;
    },
    reference: () => load(1, ground.size.ms, () => reference.sellUnknown(theirCart())),
    close: () => reference.end(),
  };
}

function sell(ledger: Ledger, sold: readonly Variant[]): Promise<void> {
  return record(
    ledger,
    sold.map(variant => sale('STORE', variant, 1)),
  );
}
