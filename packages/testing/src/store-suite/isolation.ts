import type { LedgerStore } from '@stockfold/core';
import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { balancesOf, committed, openShop, recordsOf, viewOf } from './read-store.ts';
import { commandId, foundingOf, LARGE_MUG, MUG, moving, NEIGHBOUR, PLACES, PLATE } from './shop.ts';
import type { Suite } from './suite.ts';

/** What an organization promises: nothing of it is seen or changed by another, though both use the same ids. */
export function describeIsolation({ describe, it }: Suite): void {
  describe('isolation', () => {
    it('shows nothing of one organization to another', async ({ store }) => {
      const empty = await viewOf(store, NEIGHBOUR);
      await openShop(store, 3);
      assertEqual(await viewOf(store, NEIGHBOUR), empty, 'the neighbour');
    });

    it('changes nothing of one organization for another', async ({ store }) => {
      await openShop(store, 3);
      const before = await viewOf(store);
      await moveIn(store);
      assertEqual(await viewOf(store), before, 'the shop');
    });

    it('numbers each journal by itself', async ({ store }) => {
      await openShop(store, 3);
      await moveIn(store);
      assertEqual(
        (await recordsOf(store, NEIGHBOUR)).map(record => record.sequence),
        [1, 2],
        'the sequences',
      );
    });

    it('knows a command only where it was recorded', async ({ store }) => {
      await openShop(store, 3);
      const keys = { balances: [], locations: [], products: [], variants: [] };
      assertEqual((await answerOf(store.load(NEIGHBOUR, keys, [commandId(2)]))).known, [], 'known on load');
      await committed(store, foundingOf(NEIGHBOUR));
      const answer = await committed(store, commitOf([], { organizationId: NEIGHBOUR, observe: [commandId(2)] }));
      assertEqual(answer.known, [], 'known on observe');
    });

    it('gives each its own past', async ({ store }) => {
      await openShop(store, 3);
      await moveIn(store);
      const sold = [moving(MUG, 'STORE', 'SOLD', 1)];
      for (const number of [3, 4]) await committed(store, commitOf([{ commandId: commandId(number), lines: sold }]));
      const brought = commitOf(
        [3, 4].map(number => ({ commandId: commandId(number), lines: [moving(PLATE, 'SUPPLIER', 'STORE', 1)] })),
        { organizationId: NEIGHBOUR, configVersion: 2 },
      );
      await committed(store, brought);
      // Both have a sequence 3; only the shop has moved mugs in it.
      const mugs = { variantIds: [MUG.variantId], locationId: PLACES.STORE };
      const pasts = [1, 2, 3].map(asOf => balancesOf(store, { ...mugs, organizationId: NEIGHBOUR, asOf }));
      const onHand = (await Promise.all(pasts)).map(rows => rows.map(row => row.onHand));
      assertEqual(onHand, [[], [50], [50]], 'mugs of the neighbour');
    });
  });
}

/** The neighbour uses the ids of the shop for other things: a mug of the product of plates, another policy. */
async function moveIn(store: LedgerStore): Promise<void> {
  await committed(store, foundingOf(NEIGHBOUR));
  const swapped = { variantId: MUG.variantId, productId: PLATE.productId };
  const lines = [moving(swapped, 'SUPPLIER', 'STORE', 50), moving(LARGE_MUG, 'STORE', 'SOLD', 7)];
  const config = [
    { kind: 'Policy', policy: { floors: { BIN: 1 } } },
    { kind: 'Tracking', productId: MUG.productId, tracked: false },
  ] as const;
  await committed(store, commitOf([{ commandId: commandId(2), lines }], { organizationId: NEIGHBOUR, config }));
}
