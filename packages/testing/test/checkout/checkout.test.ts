import { createLedger, type Ledger, restock, startTracking } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { createFaultyStore, createScheduler, type Fault } from '@stockfold/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { numberedId } from '../../src/simulation/world.ts';
import { type Checkout, carefulCheckout, hopefulCheckout } from './checkout.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };

/** Everything a run depends on. */
type Rush = { stock: number; customers: number; faults: Fault[]; order: number };

const rush: fc.Arbitrary<Rush> = fc.record({
  stock: fc.integer({ min: 0, max: 3 }),
  customers: fc.integer({ min: 1, max: 6 }),
  // A checkout that is not told of a crash would wait for ever, so only faults that are answered.
  faults: fc.array(
    fc.record({
      at: fc.nat({ max: 30 }),
      kind: fc.constantFrom('failBefore', 'failAfter', 'late', 'busy', 'conflict'),
      n: fc.constantFrom(1, 1, 3),
    }),
    { maxLength: 6 },
  ),
  order: fc.nat(),
});

/** Lets all customers check out at once, and gives what was sold and what is left. */
async function run(
  { stock, customers, faults, order }: Rush,
  checkout: Checkout,
): Promise<{ sold: number; left: number }> {
  const scheduler = createScheduler({ order });
  const store = createMemoryStore();
  let ids = 0;
  const open = (floored: boolean, faulty = store): Ledger =>
    createLedger({
      store: faulty,
      newId: () => numberedId(0xd, ids++),
      ...(floored ? { policy: { floors: { STORE: 0 } } } : {}),
    });
  const calm = open(checkout === carefulCheckout);
  const lines = stock > 0 ? [restock('STORE', MUG, stock)] : [];
  await calm.execute({ kind: 'RecordMovements', id: calm.newId(), tracking: [startTracking(MUG.productId)], lines });
  const ledger = open(checkout === carefulCheckout, createFaultyStore(store, faults, scheduler));
  let sold = 0;
  const customer = async () => {
    if (await checkout(ledger, () => scheduler.sleep(100), MUG)) sold += 1;
  };
  await scheduler.run(Array.from({ length: customers }, () => customer));
  const left = (await calm.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap().onHand;
  return { sold, left };
}

const neverOversells = (checkout: Checkout) =>
  fc.asyncProperty(rush, async world => {
    const { left } = await run(world, checkout);
    return left >= 0;
  });

it('catches a checkout that sells what it saw, with two customers and one piece', async () => {
  const details = await fc.check(neverOversells(hopefulCheckout), { seed: 1, numRuns: 1_000 });
  expect(details.failed).toBe(true);
  expect(details.counterexample?.[0]).toMatchObject({ stock: 1, customers: 2, faults: [] });
});

it('for any rush and faults, a checkout that sells against the floor never oversells', async () => {
  await fc.assert(neverOversells(carefulCheckout), { seed: 1, numRuns: 1_000 });
});

it('for any rush and faults, a careful checkout sells exactly what it says', async () => {
  const exact = fc.asyncProperty(rush, async world => {
    const { sold, left } = await run(world, carefulCheckout);
    return sold + left === world.stock;
  });
  await fc.assert(exact, { seed: 1, numRuns: 1_000 });
});
