import { type Ledger, type Rejection, sale, uuidV7, type Variant } from '@stockfold/core';
import type { Ground } from '../ground.ts';
import { load } from '../load.ts';
import { type Contest, type Sides, SLOW_WARM_UP } from '../row.ts';
import { inTurn, STOCK, variantsOf } from '../shop.ts';
import { forUpdate } from './for-update.ts';
import { openLedger, stockedDatabase } from './stocked-database.ts';

/** Every tenth sale asks for more than there is, and must be refused. */
const QUANTITIES = [1, 1, 1, 1, 1, 1, 1, 1, 1, 2 * STOCK];

// Which of two hundred groups is the slowest but one is a matter of luck: it takes longer to be known than a rate.
const MEASURE = 40;

/** One hot variant with a floor, against `SELECT … FOR UPDATE` per command on 8 connections. */
export const hotVariant: readonly Contest[] = [contestOf(1, 1), contestOf(32, 18), contestOf(256, 30)];

function contestOf(callers: number, atLeast: number): Contest {
  const name = `postgres/hot/${callers}-callers`;
  return {
    rows: [
      { name, figure: 'perSecond', unit: 'commands/s', target: { atLeast } },
      { name: `${name}/p99`, figure: 'p99Ms', unit: 'ms', target: { atMost: 1 } },
    ],
    ...(callers === 1 && { warmUp: SLOW_WARM_UP }),
    measure: MEASURE,
    open: ground => open(ground, callers),
  };
}

async function open(ground: Ground, callers: number): Promise<Sides> {
  const [variant] = variantsOf(1) as [Variant];
  const mine = await stockedDatabase(ground, [variant]);
  const theirs = await stockedDatabase(ground, [variant]);
  const ledger = openLedger(mine.url);
  const reference = forUpdate(theirs, variant);
  const [ourQuantity, theirQuantity] = [inTurn(QUANTITIES), inTurn(QUANTITIES)];
  return {
    ours: () => load(callers, ground.size.ms, () => sell(ledger, variant, ourQuantity())),
    reference: () => load(callers, ground.size.ms, () => reference.sell(theirQuantity())),
    close: async () => {
      await ledger.close();
      await reference.end();
    },
  };
}

async function sell(ledger: Ledger, variant: Variant, quantity: number): Promise<void> {
  const lines = [sale('STORE', variant, quantity)];
  const result = await ledger.execute({ kind: 'RecordMovements', id: uuidV7(), lines });
  const expected: Rejection['kind'] | null = quantity === 1 ? null : 'StockInsufficient';
  const answer = result.isErr() ? result.error.kind : null;
  if (answer !== expected) throw new Error(`a sale of ${quantity} was answered with ${answer}`);
}
