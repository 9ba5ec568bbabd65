import { NO_FLOORS, type SliceKeys } from '@stockfold/core';
import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { committed, openShop, recordsOf } from './read-store.ts';
import { commandId, foundingOf, keyOf, LARGE_MUG, MUG, moving, NEIGHBOUR, PLACES, PLATE, SHOP } from './shop.ts';
import type { Suite } from './suite.ts';

const NO_KEYS: SliceKeys = { balances: [], locations: [], products: [], variants: [] };

/** What `load` and `locations` promise: the rows that were asked for, of one moment. */
export function describeLoad({ describe, it }: Suite): void {
  describe('load', () => {
    it('gives an organization that never was as an empty one', async ({ store }) => {
      const keys = {
        balances: [keyOf(MUG, 'STORE')],
        locations: [PLACES.STORE],
        products: [MUG.productId],
        variants: [MUG.variantId],
      };
      const empty = {
        configVersion: 0,
        policy: NO_FLOORS,
        locations: new Map(),
        tracked: new Set(),
        productOf: new Map(),
        onHand: new Map(),
      };
      assertEqual(
        await answerOf(store.load(SHOP, keys, [commandId(1)])),
        { slice: empty, known: [] },
        'what was loaded',
      );
      assertEqual(await answerOf(store.locations(SHOP)), [], 'the locations');
    });

    it('gives the rows of the keys, and no others', async ({ store }) => {
      await openShop(store, 3);
      await committed(
        store,
        commitOf([{ commandId: commandId(3), lines: [moving(LARGE_MUG, 'SUPPLIER', 'STORE', 9)] }]),
      );
      const keys = {
        balances: [keyOf(MUG, 'STORE')],
        locations: [PLACES.BIN],
        products: [PLATE.productId],
        variants: [LARGE_MUG.variantId],
      };
      const { slice } = await answerOf(store.load(SHOP, keys, []));
      assertEqual(slice.onHand, new Map([[MUG.variantId, new Map([[PLACES.STORE, 3]])]]), 'on hand');
      assertEqual([...slice.locations.keys()], [PLACES.BIN], 'the locations');
      assertEqual([...slice.tracked], [PLATE.productId], 'the tracked products');
      assertEqual([...slice.productOf], [[LARGE_MUG.variantId, LARGE_MUG.productId]], 'the products of variants');
    });

    it('leaves out what was never written', async ({ store }) => {
      await openShop(store, 3);
      const keys = {
        balances: [keyOf(MUG, 'BIN'), keyOf(PLATE, 'STORE')],
        locations: [NEVER],
        products: [NEVER],
        variants: [PLATE.variantId],
      };
      const { slice } = await answerOf(store.load(SHOP, keys, []));
      const found = [slice.onHand.size, slice.locations.size, slice.tracked.size, slice.productOf.size];
      assertEqual(found, [0, 0, 0, 0], 'rows of things that never were');
    });

    it('gives the records of those commands that are in the journal', async ({ store }) => {
      await openShop(store, 3);
      const { known } = await answerOf(store.load(SHOP, NO_KEYS, [commandId(99), commandId(2)]));
      assertEqual(known, [(await recordsOf(store))[1]], 'known records');
    });

    it('counts the records that it finds again by their commands, where it can', async ({ store }) => {
      await openShop(store, 3);
      if (store.foundAgain === undefined) return;
      const counts: number[] = [];
      for (const [after, upTo] of [
        [0, 2],
        [1, 2],
        [0, 99],
        [2, 99],
      ] as const)
        counts.push(await answerOf(store.foundAgain({ organizationId: SHOP, after, upTo })));
      assertEqual(counts, [2, 1, 2, 0], 'found again');
      assertEqual(
        await answerOf(store.foundAgain({ organizationId: NEIGHBOUR, after: 0, upTo: 2 })),
        0,
        'found again of the neighbour',
      );
    });

    it('gives a slice that no later commit shows through', async ({ store }) => {
      await openShop(store, 3);
      const keys = { ...NO_KEYS, balances: [keyOf(MUG, 'STORE')], products: [MUG.productId] };
      const { slice } = await answerOf(store.load(SHOP, keys, []));
      const config = [{ kind: 'Tracking', productId: MUG.productId, tracked: false } as const];
      await committed(
        store,
        commitOf([{ commandId: commandId(3), lines: [moving(MUG, 'STORE', 'SOLD', 1)] }], { config }),
      );
      assertEqual(slice.onHand.get(MUG.variantId)?.get(PLACES.STORE), 3, 'on hand when it was loaded');
      assertEqual(slice.tracked.has(MUG.productId), true, 'tracked when it was loaded');
    });

    it('lists locations in the order they were opened', async ({ store }) => {
      await committed(store, foundingOf());
      const branch = { id: NEVER, type: 'STORE', name: 'Filiale “Süd” ☕', system: false } as const;
      await committed(
        store,
        commitOf([{ commandId: commandId(2), lines: [] }], { config: [{ kind: 'Location', location: branch }] }),
      );
      const listed = await answerOf(store.locations(SHOP));
      assertEqual(
        listed.map(location => location.id),
        [...Object.values(PLACES), NEVER],
        'the order',
      );
      assertEqual(listed.at(-1), branch, 'the new location');
    });
  });
}

// Sorts before all others, so that an order by id shows.
const NEVER = '00000000-0000-4000-8000-000000000000' as typeof SHOP;
