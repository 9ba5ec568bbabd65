import { createLedger, type Ledger } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import type { Ground } from '../ground.ts';
import { load } from '../load.ts';
import { openLedger } from '../postgres/stocked-database.ts';
import type { Contest, Sample, Sides } from '../row.ts';
import { COLD_VARIANTS, variantId } from './fill-history.ts';
import { postgresHistory } from './postgres.ts';
import { sqliteHistory } from './sqlite.ts';

/** A balance as of any sequence of a long history, against the same balance as it is now. */
export const asOf: readonly Contest[] = [
  {
    rows: [rowOf('sqlite')],
    open: async ground =>
      sidesOf(ground, createLedger({ store: createSqliteStore({ path: await sqliteHistory(ground) }) })),
  },
  { rows: [rowOf('postgres')], open: async ground => sidesOf(ground, openLedger(await postgresHistory(ground))) },
];

function rowOf(store: string): Contest['rows'][number] {
  return { name: `as-of/${store}`, figure: 'microseconds', unit: 'µs a read', target: { atMost: 3 } };
}

function sidesOf({ size }: Ground, ledger: Ledger): Sides {
  return {
    ours: () => read(ledger, size.ms, () => 1 + Math.floor(Math.random() * size.movements)),
    reference: () => read(ledger, size.ms, () => undefined),
    close: async () => void (await ledger.close()),
  };
}

/** Every other read is of the hot variant, whose past is half of the history. */
async function read(ledger: Ledger, ms: number, sequence: () => number | undefined): Promise<Sample> {
  let reads = 0;
  const cold = () => 2 + Math.floor(Math.random() * COLD_VARIANTS);
  const { perSecond } = await load(1, ms, async () => {
    const variant = reads++ % 2 === 0 ? 1 : cold();
    const query = { locationId: 'STORE', variantId: variantId(variant), asOf: sequence() };
    (await ledger.balanceAt(query))._unsafeUnwrap();
  });
  return { microseconds: 1_000_000 / perSecond };
}
