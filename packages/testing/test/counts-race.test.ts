import { createCounts, createLedger, type Ledger, restock, startTracking } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const PLATE = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 2) };

/** Two handles of a shop of 5 mugs and 5 plates, in which nothing was counted yet. */
let mine: Ledger;
let other: Ledger;
beforeEach(async () => {
  const store = createMemoryStore();
  [mine, other] = [createLedger({ store, clock: () => 100 }), createLedger({ store, clock: () => 100 })];
  const lines = [restock('STORE', MUG, 5), restock('STORE', PLATE, 5)];
  const tracking = [startTracking(MUG.productId)];
  (await mine.execute({ kind: 'RecordMovements', id: mine.newId(), tracking, lines }))._unsafeUnwrap();
});

const count = (ledger: Ledger, variant: typeof MUG, counted: number) =>
  createCounts(ledger).count({ id: ledger.newId(), location: 'STORE', variant, counted, observedAt: 100 });

const adjusted = async (variantId: string) =>
  (await mine.balanceAt({ locationId: createCounts(mine).adjustmentId, variantId }))._unsafeUnwrap().onHand;

it('the location of the adjustments is not opened for a count that is refused for something else', async () => {
  const untracked = { productId: numberedId(0xb, 2), variantId: numberedId(0xc, 3) };
  expect((await count(mine, untracked, 4))._unsafeUnwrapErr()).toMatchObject({ kind: 'ProductNotTracked' });
  expect((await mine.locations())._unsafeUnwrap()).toHaveLength(4);
});

describe('the location of the adjustments, which somebody else opens', () => {
  it('between a count that lacks it and the look at what else it lacks, is there for both', async () => {
    const late: Ledger = {
      ...mine,
      preview: command => count(other, PLATE, 3).andThen(() => mine.preview(command)) as ReturnType<Ledger['preview']>,
    };
    expect((await count(late, MUG, 4)).isOk()).toBe(true);
    expect([await adjusted(MUG.variantId), await adjusted(PLATE.variantId)]).toEqual([1, 2]);
    expect((await mine.locations())._unsafeUnwrap()).toHaveLength(5);
  });

  it('by a command of its own, after it was looked for, is there all the same', async () => {
    const id = createCounts(mine).adjustmentId;
    const open = () =>
      other.execute({ kind: 'OpenLocation', id: other.newId(), location: { id, type: 'ADJUSTMENT', name: 'ours' } });
    const late: Ledger = {
      ...mine,
      locations: () => mine.locations().andThen(before => open().map(() => before)) as ReturnType<Ledger['locations']>,
    };
    expect((await count(late, MUG, 4)).isOk()).toBe(true);
    expect(await adjusted(MUG.variantId)).toBe(1);
    expect((await mine.locations())._unsafeUnwrap().at(-1)).toMatchObject({ id, name: 'ours' });
  });
});
