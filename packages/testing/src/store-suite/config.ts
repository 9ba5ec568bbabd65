import type { ConfigChange, LedgerStore } from '@stockfold/core';
import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { committed, openShop, viewOf } from './read-store.ts';
import { commandId, foundingOf, keyOf, MUG, moving, PLACES, PLATE, SHOP } from './shop.ts';
import type { Suite } from './suite.ts';

const SALE = [moving(MUG, 'STORE', 'SOLD', 1)];

/** What the configuration version promises: a commit was decided on the configuration that is stored. */
export function describeConfig({ describe, it }: Suite): void {
  describe('configuration', () => {
    for (const configVersion of [0, 2])
      it(`refuses a commit of version ${configVersion} when 1 is stored`, async ({ store }) => {
        await openShop(store, 3);
        const answer = await answerOf(
          store.commit(commitOf([{ commandId: commandId(3), lines: SALE }], { configVersion })),
        );
        assertEqual(answer, { kind: 'configChanged' }, 'the answer');
      });

    it('refuses a first commit that was not decided on version 0', async ({ store }) => {
      assertEqual(
        (await answerOf(store.commit({ ...foundingOf(), configVersion: 1 }))).kind,
        'configChanged',
        'the answer',
      );
      await committed(store, foundingOf());
    });

    it('moves the version up by one, however much changes', async ({ store }) => {
      await openShop(store, 3);
      assertEqual(await versionOf(store), 1, 'the version after the founding');
      const config: readonly ConfigChange[] = [
        { kind: 'Policy', policy: { floors: { STORE: 0 } } },
        { kind: 'Tracking', productId: PLATE.productId, tracked: false },
      ];
      await committed(store, commitOf([{ commandId: commandId(3), lines: SALE }], { config }));
      assertEqual(await versionOf(store), 2, 'the version after two changes');
    });

    it('leaves the version alone when nothing changes', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, commitOf([{ commandId: commandId(3), lines: SALE }]));
      assertEqual(await versionOf(store), 1, 'the version after a sale');
    });

    it('keeps the policy, and each product tracked or not', async ({ store }) => {
      await openShop(store, 3);
      const policy = {
        floors: { STORE: 0, TRANSIT: -5 },
        locations: { [PLACES.STORE]: null, [PLACES.BIN]: 1 },
        variants: { [MUG.variantId]: 2 },
      };
      const stop = { kind: 'Tracking', productId: MUG.productId, tracked: false } as const;
      await committed(
        store,
        commitOf([{ commandId: commandId(3), lines: [] }], { config: [{ kind: 'Policy', policy }, stop] }),
      );
      const { slice } = await viewOf(store);
      assertEqual([slice.policy, slice.tracked], [policy, new Set([PLATE.productId])], 'the configuration');
      const start = { ...stop, tracked: true };
      await committed(store, commitOf([{ commandId: commandId(4), lines: [] }], { configVersion: 2, config: [start] }));
      assertEqual((await viewOf(store)).slice.tracked, new Set([PLATE.productId, MUG.productId]), 'tracked again');
    });

    it('proves that a product is tracked where the decision assumed it', async ({ store }) => {
      await openShop(store, 3);
      const commit = commitOf([{ commandId: commandId(3), lines: SALE }], { assumed: [MUG.productId] });
      await committed(store, commit);
      const stop = [{ kind: 'Tracking', productId: MUG.productId, tracked: false } as const];
      await committed(store, commitOf([{ commandId: commandId(4), lines: [] }], { config: stop }));
      const before = await viewOf(store);
      const again = {
        ...commit,
        configVersion: 2,
        records: commitOf([{ commandId: commandId(5), lines: SALE }]).records,
      };
      assertEqual(await answerOf(store.commit(again)), { kind: 'configChanged' }, 'of a product no longer tracked');
      const never = { ...again, assumed: [PLATE.productId, commandId(99)] };
      assertEqual(await answerOf(store.commit(never)), { kind: 'configChanged' }, 'of a product never heard of');
      assertEqual(await viewOf(store), before, 'the store');
    });

    it('refuses to move a variant as one of another product', async ({ store }) => {
      await openShop(store, 3);
      const before = await viewOf(store);
      const stolen = { variantId: MUG.variantId, productId: PLATE.productId };
      const lines = [moving(PLATE, 'SUPPLIER', 'STORE', 1), moving(stolen, 'STORE', 'SOLD', 1)];
      const guards = [{ key: keyOf(MUG, 'STORE'), min: 100 }];
      const answer = await answerOf(store.commit(commitOf([{ commandId: commandId(3), lines }], { guards })));
      assertEqual(answer, { kind: 'configChanged' }, 'the answer');
      assertEqual(await viewOf(store), before, 'the store');
    });
  });
}

async function versionOf(store: LedgerStore): Promise<number> {
  return (await answerOf(store.load(SHOP, { balances: [], locations: [], products: [], variants: [] }, []))).slice
    .configVersion;
}
