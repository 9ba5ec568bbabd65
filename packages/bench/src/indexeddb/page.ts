import { createLedger, type Ledger, sale, type Variant } from '@stockfold/core';
import { createIndexedDbStore } from '@stockfold/store-indexeddb';
import { load } from '../load.ts';
import type { Sample } from '../row.ts';
import { chunks, inTurn, record, stockUp, variantsOf } from '../shop.ts';
import { type RawPuts, rawPuts } from './raw-puts.ts';

// What runs in the browser: both sides, for the contest in Node to call.

let ledger: Ledger;
let reference: RawPuts;
let ourCart: () => readonly Variant[];
let theirCart: () => readonly Variant[];

/** What a contest can have the page do; each side takes how long, in milliseconds. */
export type Bench = Readonly<{
  open: (variantCount: number, lines: number) => Promise<void>;
  sellOurs: (ms: number) => Promise<Sample>;
  sellTheirs: (ms: number) => Promise<Sample>;
  readOurs: (ms: number) => Promise<Sample>;
  readTheirs: (ms: number) => Promise<Sample>;
}>;

const bench: Bench = {
  open: async (variantCount, lines) => {
    const variants = variantsOf(variantCount);
    ledger = await stockedLedger('ours', variants);
    const theirs = await stockedLedger('theirs', variants);
    await theirs.close();
    reference = await rawPuts('theirs', theirs.systemLocations);
    const carts = chunks(variants, lines);
    [ourCart, theirCart] = [inTurn(carts), inTurn(carts)];
  },
  sellOurs: ms =>
    load(1, ms, () =>
      record(
        ledger,
        ourCart().map(variant => sale('STORE', variant, 1)),
      ),
    ),
  sellTheirs: ms => load(1, ms, () => reference.sell(theirCart())),
  readOurs: ms => load(1, ms, () => readAll()),
  readTheirs: ms => load(1, ms, async () => void (await reference.readAll())),
};

Object.assign(globalThis, { bench });

async function stockedLedger(name: string, variants: readonly Variant[]): Promise<Ledger> {
  const stocked = createLedger({ store: createIndexedDbStore({ name }), policy: { floors: { STORE: 0 } } });
  await stockUp(stocked, variants);
  return stocked;
}

async function readAll(): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await ledger.balances({ locationId: 'STORE', cursor, limit: 10_000 });
    if (page.isErr()) throw new Error(page.error.kind);
    cursor = page.value.next ?? undefined;
  } while (cursor !== undefined);
}
