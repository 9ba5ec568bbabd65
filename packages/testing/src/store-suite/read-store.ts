import type {
  Balance,
  BalanceQuery,
  Commit,
  Committed,
  LedgerStore,
  Location,
  LowStockRule,
  Note,
  OrganizationId,
  ProductId,
  Slice,
  SliceKeys,
  StoredRecord,
  SystemLocationType,
} from '@stockfold/core';
import type { WorldVariant } from '../arbitraries/world.ts';
import { answerOf } from './assert.ts';
import { commitOf } from './commit-of.ts';
import { commandId, foundingOf, keyOf, LARGE_MUG, MUG, moving, PLACES, PLATE, SHOP } from './shop.ts';

/** Everything that one organization's part of a store shows. */
export type StoreView = Readonly<{
  slice: Slice;
  locations: readonly Location[];
  records: readonly StoredRecord[];
  balances: readonly Balance[];
  tracked: readonly ProductId[];
  lowStock: readonly LowStockRule[];
  holds: readonly Note[];
}>;

const ALL = [MUG, LARGE_MUG, PLATE];
const EVERYTHING: SliceKeys = {
  balances: ALL.flatMap(variant => (['STORE', 'SUPPLIER', 'SOLD', 'BIN'] as const).map(place => keyOf(variant, place))),
  locations: Object.values(PLACES),
  products: [MUG.productId, PLATE.productId],
  variants: ALL.map(variant => variant.variantId),
};

/** Reads all of the small shop: two views are equal when nothing has changed in between. */
export async function viewOf(store: LedgerStore, organizationId: OrganizationId = SHOP): Promise<StoreView> {
  return {
    slice: (await answerOf(store.load(organizationId, EVERYTHING, []))).slice,
    locations: await answerOf(store.locations(organizationId)),
    records: await recordsOf(store, organizationId),
    balances: await balancesOf(store, { organizationId }),
    tracked: (await answerOf(store.trackedProducts({ organizationId, limit: 1_000 }))).items,
    lowStock: (await answerOf(store.lowStock({ organizationId, limit: 1_000 }))).items,
    holds: (await answerOf(store.notes({ organizationId, kind: 'hold', limit: 1_000 }))).items,
  };
}

/** The whole journal. */
export async function recordsOf(
  store: LedgerStore,
  organizationId: OrganizationId = SHOP,
): Promise<readonly StoredRecord[]> {
  return (await answerOf(store.journal({ organizationId, after: 0, limit: 1_000 }))).items;
}

/** One large page of balances. */
export async function balancesOf(store: LedgerStore, query: Partial<BalanceQuery> = {}): Promise<readonly Balance[]> {
  return (await answerOf(store.balances({ organizationId: SHOP, limit: 1_000, ...query }))).items;
}

/** One balance; 0 when it has no row. */
export async function onHandOf(store: LedgerStore, variant: WorldVariant, place: SystemLocationType): Promise<number> {
  const rows = await balancesOf(store, { variantIds: [variant.variantId], locationId: PLACES[place] });
  return rows[0]?.onHand ?? 0;
}

/** Commits, and throws when the answer is anything but `committed`. */
export async function committed(store: LedgerStore, commit: Commit): Promise<Committed & { kind: 'committed' }> {
  const answer = await answerOf(store.commit(commit));
  if (answer.kind !== 'committed') throw new Error(`expected committed, got ${answer.kind}`);
  return answer;
}

/** Commits, and throws when the answer is anything but `stale`. */
export async function stale(store: LedgerStore, commit: Commit): Promise<Committed & { kind: 'stale' }> {
  const answer = await answerOf(store.commit(commit));
  if (answer.kind !== 'stale') throw new Error(`expected stale, got ${answer.kind}`);
  return answer;
}

/** Founds the shop and puts mugs on its shelf: sequences 1 and 2, by commands 1 and 2. */
export async function openShop(store: LedgerStore, mugs: number): Promise<void> {
  await committed(store, foundingOf());
  await committed(store, commitOf([{ commandId: commandId(2), lines: [moving(MUG, 'SUPPLIER', 'STORE', mugs)] }]));
}
