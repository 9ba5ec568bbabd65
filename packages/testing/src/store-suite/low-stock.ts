import type { Commit, ConfigChange, LedgerStore, LowStockQuery, LowStockRule, OrganizationId } from '@stockfold/core';
import type { WorldVariant } from '../arbitraries/world.ts';
import { answerOf, assertEqual } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { committed, openShop, viewOf } from './read-store.ts';
import { commandId, foundingOf, keyOf, LARGE_MUG, MUG, NEIGHBOUR, PLATE, SHOP, variantNumber } from './shop.ts';
import type { Suite } from './suite.ts';

/** What low-stock rules promise: each is a row that is written over, and one that says nothing takes it away. */
export function describeLowStock({ describe, it }: Suite): void {
  describe('low-stock rules', () => {
    it('are none where nothing was recorded', async ({ store }) => {
      const page = await answerOf(store.lowStock({ organizationId: SHOP, limit: 10 }));
      assertEqual(page, { items: [], next: null, asOf: 0 }, 'the page');
    });

    it('are kept as they were set, also of a variant that never moved', async ({ store }) => {
      await openShop(store, 3);
      const rules = [ruleOf(MUG, 5, true), ruleOf(variantNumber(7), null, true), ruleOf(PLATE, 0, false)];
      await committed(store, settingOf(3, rules));
      assertEqual(await rulesOf(store), [rules[0], rules[2], rules[1]], 'the rules');
      assertEqual((await viewOf(store)).slice.configVersion, 2, 'the version');
    });

    it('are written over, the last one of a commit counting', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, settingOf(3, [ruleOf(MUG, 5, true), ruleOf(MUG, 6, false)]));
      assertEqual(await rulesOf(store), [ruleOf(MUG, 6, false)], 'the rule');
      await committed(store, settingOf(4, [ruleOf(MUG, 2, true)], 2));
      assertEqual(await rulesOf(store), [ruleOf(MUG, 2, true)], 'the rule after another commit');
    });

    it('are gone once they say nothing', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, settingOf(3, [ruleOf(MUG, 5, true), ruleOf(PLATE, 1, false)]));
      await committed(store, settingOf(4, [ruleOf(MUG, null, false), ruleOf(LARGE_MUG, null, false)], 2));
      assertEqual(await rulesOf(store), [ruleOf(PLATE, 1, false)], 'the rules');
    });

    it('come in the order of variant and location, page by page, and by location and product', async ({ store }) => {
      await openShop(store, 3);
      const inBin = { ...ruleOf(MUG, 1, false), ...keyOf(MUG, 'BIN') };
      const all = [ruleOf(MUG, 5, true), inBin, ruleOf(LARGE_MUG, 2, true), ruleOf(PLATE, 3, false)].sort(byKey);
      await committed(store, settingOf(3, [...all].reverse()));
      assertEqual(await rulesOf(store), all, 'the rules');
      const paged: LowStockRule[] = [];
      for (let cursor: string | undefined; paged.length < 4; ) {
        const page = await answerOf(store.lowStock({ organizationId: SHOP, cursor, limit: 1 }));
        paged.push(...page.items);
        if (page.next === null) break;
        cursor = page.next;
      }
      assertEqual(paged, all, 'the rules of all pages');
      assertEqual(await rulesOf(store, { locationId: keyOf(MUG, 'BIN').locationId }), [inBin], 'those at one location');
      const mugs = all.filter(rule => rule.productId === MUG.productId);
      assertEqual(await rulesOf(store, { productIds: [MUG.productId] }), mugs, 'those of one product');
    });

    it('are not written by a commit that is refused', async ({ store }) => {
      await openShop(store, 3);
      const before = await viewOf(store);
      const answer = await answerOf(store.commit(settingOf(3, [ruleOf(MUG, 5, true)], 7)));
      assertEqual(answer, { kind: 'configChanged' }, 'the answer');
      assertEqual(await viewOf(store), before, 'the store');
    });

    it('are of their organization alone', async ({ store }) => {
      await openShop(store, 3);
      await committed(store, foundingOf(NEIGHBOUR));
      await committed(store, settingOf(3, [ruleOf(MUG, 5, true)]));
      await committed(store, settingOf(3, [ruleOf(MUG, 9, false)], 1, NEIGHBOUR));
      assertEqual(await rulesOf(store), [ruleOf(MUG, 5, true)], 'those of the shop');
      assertEqual(
        await rulesOf(store, { organizationId: NEIGHBOUR }),
        [ruleOf(MUG, 9, false)],
        'those of the neighbour',
      );
    });
  });
}

function ruleOf(variant: WorldVariant, level: number | null, alert: boolean): LowStockRule {
  return { ...keyOf(variant, 'STORE'), productId: variant.productId, level, alert };
}

function settingOf(
  number: number,
  rules: readonly LowStockRule[],
  configVersion = 1,
  organizationId: OrganizationId = SHOP,
): Commit {
  const config: ConfigChange[] = rules.map(rule => ({ kind: 'LowStock', rule }));
  const commit = commitOf([{ commandId: commandId(number), lines: [] }], { organizationId, configVersion, config });
  return {
    ...commit,
    records: commit.records.map(record => ({ ...record, events: [{ kind: 'LowStockSet', rules }] })),
  };
}

async function rulesOf(store: LedgerStore, query: Partial<LowStockQuery> = {}): Promise<readonly LowStockRule[]> {
  return (await answerOf(store.lowStock({ organizationId: SHOP, limit: 1_000, ...query }))).items;
}

function byKey(a: LowStockRule, b: LowStockRule): number {
  return `${a.variantId}.${a.locationId}` < `${b.variantId}.${b.locationId}` ? -1 : 1;
}
