import type { Census, LedgerStore, Repair, Upkeep } from '@stockfold/core';
import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { balancesOf, committed, onHandOf, openShop, viewOf } from './read-store.ts';
import { commandId, foundingOf, keyOf, MUG, moving, NEIGHBOUR, PLACES, SHOP } from './shop.ts';
import type { Suite } from './suite.ts';

/** What the upkeep promises, of a store that has one: it counts what is there, and writes over what it is told to. */
export function describeUpkeep({ describe, it }: Suite): void {
  describe('the upkeep', () => {
    const on = (title: string, body: (store: LedgerStore, upkeep: Upkeep) => Promise<void>) =>
      it(title, async ({ store }) => {
        if (store.upkeep !== undefined) await body(store, store.upkeep);
      });

    on('counts the rows of an organization and of no other', async (store, upkeep) => {
      const none = await census(upkeep);
      assertEqual(none.asOf, null, 'the head of none');
      assertEqual([...new Set(Object.values(none.rows))].filter(Boolean), [], 'the rows of none');
      await openShop(store, 3);
      await committed(store, foundingOf(NEIGHBOUR));
      const { asOf, rows } = await census(upkeep);
      const whole = { record: 2, balance: 2, posting: 2, variant: 1, location: 4, 'tracked product': 2 };
      const expected: Census['rows'] = { ...whole, 'low-stock rule': 0, note: 0 };
      assertEqual(asOf, 2, 'the head');
      for (const [what, count] of Object.entries(rows))
        assertEqual(count, expected[what as keyof typeof expected], `the number of ${what}`);
    });

    on('leaves a head where it is when it is at the end', async (store, upkeep) => {
      await openShop(store, 3);
      const before = await viewOf(store);
      await answerOf(upkeep.mendHead(SHOP, Object.values(PLACES)));
      await answerOf(upkeep.mendHead(NEIGHBOUR, []));
      assertEqual(await viewOf(store), before, 'the store');
    });

    on('writes the past of a variant over, with its balances, and takes it away', async (store, upkeep) => {
      await openShop(store, 3);
      await committed(store, commitOf([{ commandId: commandId(3), lines: [moving(MUG, 'STORE', 'SOLD', 1)] }]));
      const before = await viewOf(store);
      const { variantId, productId } = MUG;
      const [STORE, SUPPLIER, SOLD] = [PLACES.STORE, PLACES.SUPPLIER, PLACES.SOLD];
      const gone = { variantId, productId: null, postings: [] };
      assertEqual(await mend(upkeep, { variants: [gone] }), 'mended', 'the answer');
      assertEqual(await balancesOf(store), [], 'the balances of none');
      const postings = [
        { locationId: SUPPLIER, sequence: 2, delta: -3, onHand: -3 },
        { locationId: STORE, sequence: 2, delta: 3, onHand: 3 },
        { locationId: STORE, sequence: 3, delta: -1, onHand: 2 },
        { locationId: SOLD, sequence: 3, delta: 1, onHand: 1 },
      ];
      await mend(upkeep, { variants: [{ variantId, productId, postings }] });
      const { slice, ...rest } = await viewOf(store);
      const { slice: old, ...others } = before;
      assertEqual({ ...rest, onHand: slice.onHand }, { ...others, onHand: old.onHand }, 'the store');
      assertEqual((await balancesOf(store, { asOf: 2, locationId: STORE }))[0]?.onHand, 3, 'the balance as of 2');
      // Handles that remember the configuration load it again.
      assertEqual(slice.configVersion > old.configVersion, true, 'the version has moved up');
      const next = { configVersion: slice.configVersion };
      await committed(store, commitOf([{ commandId: commandId(4), lines: [moving(MUG, 'STORE', 'SOLD', 1)] }], next));
      assertEqual(await onHandOf(store, MUG, 'STORE'), 1, 'the balance after another commit');
    });

    on('writes settings over, and takes them away', async (store, upkeep) => {
      await openShop(store, 3);
      const before = await viewOf(store);
      const rule = { ...keyOf(MUG, 'STORE'), productId: MUG.productId, level: 5, alert: true };
      const shop = { id: PLACES.STORE, type: 'STORE', name: 'Shop', system: true, place: 0 } as const;
      await mend(upkeep, {
        policy: { floors: { STORE: 1 } },
        locations: [{ id: shop.id, location: shop }],
        tracking: [{ productId: MUG.productId, tracked: false }],
        lowStock: [rule],
        notes: [{ kind: 'hold', id: 'a', state: { body: 1, sequence: 2 } }],
      });
      const { slice, locations, tracked, lowStock, holds } = await viewOf(store);
      assertEqual(slice.policy, { floors: { STORE: 1 } }, 'the policy');
      assertEqual(
        locations.map(({ name }) => name),
        ['Shop', 'SUPPLIER', 'SOLD', 'BIN'],
        'the locations, in their order',
      );
      assertEqual(tracked.includes(MUG.productId), false, 'whether mugs are tracked');
      assertEqual(lowStock, [rule], 'the rules');
      assertEqual(holds, [{ kind: 'hold', id: 'a', body: 1, sequence: 2 }], 'the notes');
      await mend(upkeep, {
        policy: before.slice.policy,
        locations: [{ id: shop.id, location: { ...shop, name: 'STORE' } }],
        tracking: [{ productId: MUG.productId, tracked: true }],
        lowStock: [{ ...rule, level: null, alert: false }],
        notes: [{ kind: 'hold', id: 'a', state: null }],
      });
      const { configVersion: _, ...rows } = (await viewOf(store)).slice;
      const { configVersion: __, ...old } = before.slice;
      assertEqual({ ...(await viewOf(store)), slice: rows }, { ...before, slice: old }, 'the store');
    });

    on('writes nothing when somebody has written since, and nothing of a neighbour', async (store, upkeep) => {
      await openShop(store, 3);
      await committed(store, foundingOf(NEIGHBOUR));
      const before = await viewOf(store, NEIGHBOUR);
      assertEqual(await mend(upkeep, { sequence: 1, policy: { floors: { STORE: 1 } } }), 'stale', 'the answer');
      assertEqual(await mend(upkeep, { policy: { floors: {} } }), 'mended', 'the answer');
      assertEqual(await viewOf(store, NEIGHBOUR), before, 'the neighbour');
    });
  });
}

function census(upkeep: Upkeep): Promise<Census> {
  return answerOf(upkeep.census(SHOP, Object.values(PLACES)));
}

/** Mends as of the last record. */
async function mend(upkeep: Upkeep, repair: Partial<Repair>): Promise<'mended' | 'stale'> {
  const nothing = { policy: undefined, locations: [], tracking: [], lowStock: [], notes: [], variants: [] };
  const sequence = (await census(upkeep)).asOf ?? 0;
  return answerOf(upkeep.mend({ organizationId: SHOP, sequence, ...nothing, ...repair }));
}
