import { createLedger, type Ledger, type Policy, restock, startTracking } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { createFaultyStore, createScheduler, type Fault } from '@stockfold/testing';
import fc from 'fast-check';
import type { Checkout } from './checkout.ts';

/** Everything that a run depends on: the same rush gives the same run, to the step. */
export type Rush = Readonly<{
  /** Pieces on the shelf. */
  stock: number;
  /** Customers that come at once: how many pieces each wants, and whether the payment will be declined. */
  customers: readonly Readonly<{ pieces: number; declined: boolean }>[];
  /** What goes wrong between the service and its store. */
  faults: readonly Fault[];
  /** The order in which the scheduler lets everybody go on. */
  order: number;
}>;

/** What came of a rush. */
export type Outcome = Readonly<{
  /** Pieces that customers paid for and were told that they have. */
  sold: number;
  /** Pieces on the shelf afterwards; below zero when some were sold twice. */
  left: number;
  /** What was paid for: pieces. */
  paid: number;
}>;

/** Scarce stock and several customers: with plenty for everybody no bug would ever show. */
export const rushes: fc.Arbitrary<Rush> = fc.record({
  stock: fc.integer({ min: 0, max: 4 }),
  customers: fc.array(fc.record({ pieces: fc.integer({ min: 1, max: 2 }), declined: fc.boolean() }), {
    minLength: 1,
    maxLength: 6,
  }),
  // Faults that are answered: a service whose process ends has nothing to say.
  faults: fc.array(
    fc.record({
      at: fc.nat({ max: 30 }),
      kind: fc.constantFrom('failBefore' as const, 'failAfter' as const, 'busy' as const, 'conflict' as const),
      n: fc.constantFrom(1, 1, 3),
    }),
    { maxLength: 6 },
  ),
  order: fc.nat(),
});

const MUG = { productId: '65314d7e-5f0f-11ec-bf63-0242ac130002', variantId: '78194842-5f0f-11ec-bf63-0242ac130002' };
const PAYMENT_MS = 100;

/** Lets all customers check out at once, and counts afterwards. */
export async function run({ stock, customers, faults, order }: Rush, checkout: Checkout): Promise<Outcome> {
  const scheduler = createScheduler({ order });
  const store = createMemoryStore();
  const newId = countedIds();
  const open = (policy: Policy, faulty = store): Ledger => createLedger({ store: faulty, policy, newId });

  const calm = open(checkout.policy);
  const lines = stock > 0 ? [restock('STORE', MUG, stock)] : [];
  await calm.execute({ kind: 'RecordMovements', id: newId(), tracking: [startTracking(MUG.productId)], lines });

  const ledger = open(checkout.policy, createFaultyStore(store, faults, scheduler));
  let [sold, paid] = [0, 0];
  const tasks = customers.map(({ pieces, declined }) => async () => {
    const pay = async () => {
      await scheduler.sleep(PAYMENT_MS);
      if (!declined) paid += pieces;
      return !declined;
    };
    if (await checkout.run(ledger, MUG, { pieces, pay })) sold += pieces;
  });
  await scheduler.run(tasks);

  const shelf = await calm.balanceAt({ locationId: 'STORE', variantId: MUG.variantId });
  return { sold, paid, left: shelf._unsafeUnwrap().onHand };
}

/** Ids that are the same in every run. */
function countedIds(): () => string {
  let count = 0;
  return () => `00000000-0000-4000-8000-${(count++).toString(16).padStart(12, '0')}`;
}
