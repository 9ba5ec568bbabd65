import {
  createLedger,
  type Ledger,
  type LedgerStore,
  type LocationId,
  type Repair,
  rebuild,
  storesAgree,
} from '@stockfold/core';
import fc from 'fast-check';
import { setting, withSettings } from '../arbitraries/setting.ts';
import type { World } from '../arbitraries/world.ts';
import { busyDay } from './busy-day.ts';
import { deliver } from './deliver.ts';
import { assertNone, assertThat, type Law } from './law.ts';
import { keyOf, type Past, pastsOf } from './pasts.ts';
import { readBalances, readRecords } from './read-ledger.ts';

const DAMAGES = ['balance', 'past', 'variant', 'location', 'tracking', 'policy', 'lowStock', 'note'] as const;
type Damage = (typeof DAMAGES)[number];

// A note of a kind that no record names is found, and is left: nothing lists the kinds that are stored.
const NOTE = { kind: 'remark', id: 'a', body: 'as it was' } as const;

const day = fc.record({
  busy: busyDay,
  settings: fc.array(setting, { maxLength: 2 }),
  damages: fc.uniqueArray(fc.constantFrom(...DAMAGES), { minLength: 1, maxLength: 3 }),
});

/**
 * For any history and any damage to rows that the journal makes, `verify()` finds it, and a rebuild puts it right: the balances
 * are as before, and nothing is wrong.
 *
 * @param openStore - Opens a fresh, empty store that has `upkeep`; the law closes it.
 * @param mend - What rebuilds: `rebuild`, or what stands in for it.
 */
export function rebuildsWhole(
  openStore: () => LedgerStore | Promise<LedgerStore>,
  mend: typeof rebuild = rebuild,
): Law {
  return fc.asyncProperty(day, async ({ busy: { world, policy, commands, width }, settings, damages }) => {
    const store = await openStore();
    const { organizationId } = world;
    const ledger = createLedger({ store, organizationId, policy });
    try {
      await deliver(ledger, withSettings(world, commands, settings), width);
      await deliver(ledger, [{ kind: 'RecordMovements', id: ledger.newId(), notes: [NOTE] }], 1);
      const balances = await readBalances(ledger);
      if (balances.length === 0) return;
      const repair = await damageOf(ledger, world, damages);
      assertThat((await store.upkeep?.mend(repair))?.isOk() === true, 'rows can be written over');
      assertThat((await ledger.verify())._unsafeUnwrap().breaches.length > 0, 'what was damaged is found');
      const { found, left } = (await mend({ store, organizationId }))._unsafeUnwrap();
      assertThat(found.length > 0, 'the rebuild has found it');
      assertNone(left);
      assertNone((await ledger.verify())._unsafeUnwrap().breaches);
      assertNone(storesAgree(balances, await readBalances(ledger)));
    } finally {
      await ledger.close();
    }
  });
}

/** Rows that are wrong in one thing or several, written as a repair would write right ones. */
async function damageOf(ledger: Ledger, world: World, damages: readonly Damage[]): Promise<Repair> {
  const { organizationId } = world;
  const records = await readRecords(ledger);
  const pasts = [...pastsOf(records).values()];
  const { variantId } = pasts[0] as Past;
  const { productId } = world.variants.find(variant => variant.variantId === variantId) as World['variants'][number];
  const tracked = (await ledger.trackedProducts({ productIds: [productId] }))._unsafeUnwrap().items.length > 0;
  const ofVariant = pasts.filter(past => past.variantId === variantId);
  const has = (damage: Damage) => damages.includes(damage);
  const rule = { productId, variantId, locationId: world.locations.BIN, level: 7, alert: false };
  const gone = { id: world.locations.SUPPLIER as LocationId, location: null };
  return {
    organizationId,
    sequence: records.length,
    policy: has('policy') ? { ...(await ledger.policy())._unsafeUnwrap(), floors: { TRANSIT: -7 } } : undefined,
    locations: has('location') ? [gone] : [],
    tracking: has('tracking') ? [{ productId, tracked: !tracked }] : [],
    lowStock: has('lowStock') ? [rule] : [],
    notes: has('note') ? [{ ...NOTE, state: { body: 'another', sequence: 1 } }] : [],
    variants: variantsOf(ofVariant, { variantId, productId }, damages),
  };
}

function variantsOf(
  pasts: readonly Past[],
  variant: Omit<Repair['variants'][number], 'postings'>,
  damages: readonly Damage[],
): Repair['variants'] {
  if (damages.includes('variant')) return [{ ...variant, productId: null, postings: [] }];
  const isShort = damages.includes('past');
  if (!isShort && !damages.includes('balance')) return [];
  const [first] = pasts as [Past, ...Past[]];
  const postings = pasts.flatMap(past => {
    const steps = past.steps.map(step => ({ ...step, locationId: past.locationId }));
    if (keyOf(past) !== keyOf(first)) return steps;
    // Of the first balance: its first posting is lost, or its last one is off by a piece.
    if (isShort) return steps.slice(1);
    return steps.map((step, index) =>
      index === steps.length - 1 ? { ...step, delta: step.delta + 1, onHand: step.onHand + 1 } : step,
    );
  });
  return [{ ...variant, postings: postings.sort((a, b) => a.sequence - b.sequence) }];
}
