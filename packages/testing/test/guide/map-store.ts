import {
  type Balance,
  type BalanceChange,
  type BalanceQuery,
  type Commit,
  type Committed,
  isNoRule,
  type LedgerStore,
  type Location,
  type LowStockRule,
  NO_FLOORS,
  type ProductId,
  type StoredRecord,
  type StoreFault,
  storeFault,
} from '@stockfold/core';
import { errAsync, okAsync, type ResultAsync } from 'neverthrow';

/** One balance: where it stands, and what it was after each record that moved it. */
type Row = Balance & { past: { sequence: number; onHand: number }[] };
/** Everything of one organization. */
const emptyShop = () => ({
  records: [] as StoredRecord[],
  recordedAt: Number.NEGATIVE_INFINITY,
  configVersion: 0,
  policy: NO_FLOORS,
  locations: new Map<Location['id'], Location>(),
  tracked: new Set<ProductId>(),
  lowStock: new Map<string, LowStockRule>(),
  rows: new Map<string, Row>(),
});
type Shop = ReturnType<typeof emptyShop>;

const keyOf = ({ variantId, locationId }: { variantId: string; locationId: string }) => `${variantId}.${locationId}`;
const isIn = (ids: readonly string[] | undefined, id: string) => ids?.includes(id) ?? true;
const isOf = ({ locationId, productIds }: BalanceQuery, row: LowStockRule | Omit<Balance, 'onHand'>) =>
  (locationId ?? row.locationId) === row.locationId && isIn(productIds, row.productId);

export function createMapStore(): LedgerStore {
  const shops = new Map<string, Shop>();
  let closed = false;
  const shopOf = (organizationId: string): Shop => shops.get(organizationId) ?? emptyShop();
  const call = <T>(run: () => T): ResultAsync<T, StoreFault> =>
    closed ? errAsync(storeFault('StoreClosed', 'the store was closed')) : okAsync(run());
  /** One page of rows: after the cursor, in the order of their keys. */
  const page = <T>(query: BalanceQuery, idOf: (row: T) => string, rowsOf: (shop: Shop, asOf: number) => readonly T[]) =>
    call(() => {
      const shop = shopOf(query.organizationId);
      const asOf = Math.min(query.asOf ?? shop.records.length, shop.records.length);
      const rows = rowsOf(shop, asOf).filter(row => idOf(row) > (query.cursor ?? ''));
      const items = rows.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)).slice(0, query.limit);
      return { items, next: rows.length > query.limit ? idOf(items.at(-1) as T) : null, asOf };
    });

  return {
    durability: 'memory',
    load: (organizationId, keys, commandIds) =>
      call(() => {
        const shop = shopOf(organizationId);
        const onHand = new Map();
        for (const key of keys.balances) {
          const row = shop.rows.get(keyOf(key));
          const balances = onHand.get(key.variantId) ?? new Map();
          if (row) onHand.set(key.variantId, balances.set(key.locationId, row.onHand));
        }
        const moved = [...shop.rows.values()].filter(row => keys.variants.includes(row.variantId));
        return {
          slice: {
            configVersion: shop.configVersion,
            policy: shop.policy,
            locations: new Map([...shop.locations].filter(([id]) => keys.locations.includes(id))),
            tracked: new Set(keys.products.filter(productId => shop.tracked.has(productId))),
            productOf: new Map(moved.map(row => [row.variantId, row.productId])),
            onHand,
          },
          known: structuredClone(shop.records.filter(record => commandIds.includes(record.commandId))),
        };
      }),
    commit: commit => {
      if (new Set(commit.records.map(record => record.commandId)).size < commit.records.length)
        return errAsync(storeFault('StoreFailed', 'one record per command id'));
      return call(() => {
        const shop = shopOf(commit.organizationId);
        const answer = apply(shop, commit);
        if (answer.kind === 'committed') shops.set(commit.organizationId, shop);
        return structuredClone(answer);
      });
    },
    balances: query =>
      page(query, keyOf, ({ rows }, at) =>
        [...rows.values()].flatMap(({ past, ...balance }) => {
          const onHand = past.findLast(({ sequence }) => sequence <= at)?.onHand;
          const isAsked = isOf(query, balance) && isIn(query.variantIds, balance.variantId);
          return onHand === undefined || !isAsked || (query.nonZero && onHand === 0) ? [] : [{ ...balance, onHand }];
        }),
      ),
    journal: ({ organizationId, after, limit }) =>
      call(() => {
        const { records } = shopOf(organizationId);
        const next = after + limit < records.length ? String(after + limit) : null;
        return { items: structuredClone(records.slice(after, after + limit)), next, asOf: records.length };
      }),
    trackedProducts: query =>
      page(query, String, ({ tracked }) => [...tracked].filter(id => isIn(query.productIds, id))),
    lowStock: query => page(query, keyOf, ({ lowStock }) => [...lowStock.values()].filter(rule => isOf(query, rule))),
    locations: organizationId => call(() => [...shopOf(organizationId).locations.values()]),
    close: () => {
      closed = true;
      return okAsync(undefined);
    },
  };
}

/** Everything is looked at before anything is written; a store with transactions may write first and roll back. */
function apply(shop: Shop, commit: Commit): Committed {
  const known = (ids: readonly string[]) => shop.records.filter(record => ids.includes(record.commandId));
  const records = known(commit.records.map(record => record.commandId));
  if (records.length > 0) return { kind: 'known', records };
  const products = new Map([...shop.rows.values()].map(row => [row.variantId, row.productId]));
  const keepsProduct = ({ key, productId }: BalanceChange) => (products.get(key.variantId) ?? productId) === productId;
  const isTracked = commit.assumed.every(productId => shop.tracked.has(productId));
  if (commit.configVersion !== shop.configVersion || !commit.balances.every(keepsProduct) || !isTracked)
    return { kind: 'configChanged' };
  const before = commit.balances.map(({ key }) => shop.rows.get(keyOf(key))?.onHand ?? 0);
  const holds = ({ min, max }: BalanceChange, onHand: number) => onHand >= (min ?? onHand) && onHand <= (max ?? onHand);
  const after = commit.postings.map(({ balance, running }) => (before[balance] ?? 0) + running);
  const isHeld = commit.balances.every((change, index) => holds(change, before[index] ?? 0));
  if (!isHeld || !after.every(Number.isSafeInteger)) return { kind: 'stale', before, known: known(commit.observe) };
  const firstSequence = shop.records.length + 1;
  shop.recordedAt = Math.max(shop.recordedAt, commit.at);
  for (const record of commit.records)
    shop.records.push({ ...record, sequence: shop.records.length + 1, recordedAt: shop.recordedAt });
  for (const [index, { record, balance }] of commit.postings.entries()) {
    const { key, productId } = commit.balances[balance] as BalanceChange;
    const onHand = after[index] ?? 0;
    const past = [...(shop.rows.get(keyOf(key))?.past ?? []), { sequence: firstSequence + record, onHand }];
    shop.rows.set(keyOf(key), { ...key, productId, onHand, past });
  }
  for (const change of commit.config) {
    if (change.kind === 'Location') shop.locations.set(change.location.id, change.location);
    else if (change.kind === 'Policy') shop.policy = change.policy;
    else if (change.kind === 'LowStock')
      shop.lowStock[isNoRule(change.rule) ? 'delete' : 'set'](keyOf(change.rule), change.rule);
    else if (change.tracked) shop.tracked.add(change.productId);
    else shop.tracked.delete(change.productId);
  }
  if (commit.config.length > 0) shop.configVersion += 1;
  return { kind: 'committed', firstSequence, recordedAt: shop.recordedAt, before, known: known(commit.observe) };
}
