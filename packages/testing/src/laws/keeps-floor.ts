import { keepsFloor as breachesOf, type PolicyInput, type RecordMovementsInput } from '@stockfold/core';
import fc from 'fast-check';
import { policyDraft, policyIn } from '../arbitraries/policy.ts';
import { type ScarceStock, scarceStock } from '../arbitraries/scarce-stock.ts';
import { deliver } from './deliver.ts';
import { assertNone, assertThat, type Law, type OpenLedger, onLedger } from './law.ts';
import { readLedger } from './read-ledger.ts';

/**
 * Invariant 3: for any sellers racing for scarce stock, and any floors of types, locations and variants, no balance falls
 * below its floor but by commands that were allowed to, whose records say so.
 */
export function keepsFloor(open: OpenLedger): Law {
  return fc.asyncProperty(rush, ({ world, policy, stocking, sales }) =>
    onLedger(open, { organizationId: world.organizationId, policy }, async ledger => {
      await ledger.execute(stocking);
      await deliver(ledger, sales, sales.length);
      const { records, balances } = await readLedger(ledger);
      assertNone(breachesOf(records));
      const forced = new Set(sales.filter(sale => sale.override != null).flatMap(variantsOf));
      const lowest = lowestOf({ policy, stocking });
      const onShelf = balances.filter(({ locationId }) => locationId === world.locations.STORE);
      assertThat(
        onShelf.every(({ variantId, onHand }) => forced.has(variantId) || onHand >= lowest(variantId)),
        'no stored balance at STORE is below its floor',
      );
    }),
  );
}

/** Half of the shops have the plain floor of 0; of a few sales the seller is allowed to break floors. */
const rush = fc
  .record({
    stock: scarceStock,
    draft: fc.option(policyDraft),
    forced: fc.array(fc.nat({ max: 15 }), { maxLength: 2 }),
  })
  .map(({ stock, draft, forced }) => {
    if (draft === null) return { ...stock, policy: stock.policy as PolicyInput };
    const override = { floors: true, reason: 'the goods have left the shop' } as const;
    const sales = stock.sales.map((sale, index) => (forced.includes(index) ? { ...sale, override } : sale));
    return { ...stock, sales, policy: policyIn(stock.world, draft) };
  });

/** What a variant may fall to at STORE: its floor, or what was there to begin with when that is less. */
function lowestOf({ policy, stocking }: Pick<ScarceStock, 'stocking'> & Readonly<{ policy: PolicyInput }>) {
  const ofType = policy.floors?.STORE ?? null;
  const ofPlace = policy.locations?.STORE;
  return (variantId: string): number => {
    const stock = (stocking.lines ?? [])
      .filter(line => line.variantId === variantId)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const ofVariant = policy.variants?.[variantId];
    const ofOthers = ofPlace === undefined ? ofType : ofPlace;
    const floor = ofPlace === null || ofVariant === undefined ? ofOthers : ofVariant;
    return Math.min(stock, floor ?? Number.NEGATIVE_INFINITY);
  };
}

function variantsOf(command: RecordMovementsInput): readonly string[] {
  return (command.lines ?? []).map(line => line.variantId);
}
