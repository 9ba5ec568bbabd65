import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { committed, openShop } from './read-store.ts';
import { commandId, MUG, NEIGHBOUR, PLATE, SHOP } from './shop.ts';
import type { Suite } from './suite.ts';

/** What the list of tracked products promises: those of now, in order, page by page. */
export function describeTrackedProducts({ describe, it }: Suite): void {
  describe('tracked products', () => {
    it('are none where nothing was recorded', async ({ store }) => {
      const page = await answerOf(store.trackedProducts({ organizationId: SHOP, limit: 10 }));
      assertEqual(page, { items: [], next: null, asOf: 0 }, 'the page');
    });

    it('come in the order of their ids, page by page', async ({ store }) => {
      await openShop(store, 3);
      const first = await answerOf(store.trackedProducts({ organizationId: SHOP, limit: 1 }));
      assertEqual(first, { items: [MUG.productId], next: MUG.productId, asOf: 2 }, 'the first page');
      const rest = { organizationId: SHOP, cursor: MUG.productId, limit: 1 };
      const second = await answerOf(store.trackedProducts(rest));
      assertEqual(second, { items: [PLATE.productId], next: null, asOf: 2 }, 'the second page');
    });

    it('are no longer those whose tracking stopped', async ({ store }) => {
      await openShop(store, 3);
      const stop = { kind: 'Tracking', productId: MUG.productId, tracked: false } as const;
      await committed(store, commitOf([{ commandId: commandId(3), lines: [] }], { config: [stop] }));
      const page = await answerOf(store.trackedProducts({ organizationId: SHOP, limit: 10 }));
      assertEqual(page.items, [PLATE.productId], 'the products');
    });

    it('are only the named ones when some are named', async ({ store }) => {
      await openShop(store, 3);
      const named = { organizationId: SHOP, productIds: [PLATE.productId, NEIGHBOUR], limit: 10 };
      assertEqual((await answerOf(store.trackedProducts(named))).items, [PLATE.productId], 'the products');
      const none = { organizationId: SHOP, productIds: [], limit: 10 };
      assertEqual((await answerOf(store.trackedProducts(none))).items, [], 'no product');
    });
  });
}
