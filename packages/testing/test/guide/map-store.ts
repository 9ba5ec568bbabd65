import {
  type Balance,
  type BalanceChange,
  type Commit,
  type Committed,
  compareKeys,
  type LedgerStore,
  type Location,
  NO_FLOORS,
  type Policy,
  type StoredRecord,
  type StoreFault,
  storeFault,
} from '@stockfold/core';
import { errAsync, okAsync, type ResultAsync } from 'neverthrow';

/** One balance: where it stands, and what it was after each record that moved it. */
type Row = Balance & { past: { sequence: number; onHand: number }[] };
/** Everything of one organization. */
type Shop = {
  records: StoredRecord[];
  recordedAt: number;
  configVersion: number;
  policy: Policy;
  locations: Map<string, Location>;
  tracked: Set<string>;
  rows: Map<string, Row>;
};

const keyOf = ({ variantId, locationId }: { variantId: string; locationId: string }) => `${variantId}.${locationId}`;
const pairOf = <K, V>(key: K, value: V | undefined): [K, V][] => (value === undefined ? [] : [[key, value]]);

export function createMapStore(): LedgerStore {
  const shops = new Map<string, Shop>();
  let closed = false;
  const shopOf = (organizationId: string): Shop =>
    shops.get(organizationId) ?? {
      records: [],
      recordedAt: Number.NEGATIVE_INFINITY,
      configVersion: 0,
      policy: NO_FLOORS,
      locations: new Map(),
      tracked: new Set(),
      rows: new Map(),
    };
  const call = <T>(run: () => T): ResultAsync<T, StoreFault> =>
    closed ? errAsync(storeFault('StoreClosed', 'the store was closed')) : okAsync(run());

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
            locations: new Map(keys.locations.flatMap(id => pairOf(id, shop.locations.get(id)))),
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
    balances: ({ organizationId, locationId, variantIds, productIds, nonZero, asOf, cursor = '', limit }) =>
      call(() => {
        const { rows, records } = shopOf(organizationId);
        const at = Math.min(asOf ?? records.length, records.length);
        const items = [...rows.values()].sort(compareKeys).flatMap(({ past, ...balance }): Balance[] => {
          const onHand = past.findLast(({ sequence }) => sequence <= at)?.onHand;
          if (onHand === undefined || (nonZero && onHand === 0) || keyOf(balance) <= cursor) return [];
          if (locationId !== undefined && balance.locationId !== locationId) return [];
          if (variantIds !== undefined && !variantIds.includes(balance.variantId)) return [];
          if (productIds !== undefined && !productIds.includes(balance.productId)) return [];
          return [{ ...balance, onHand }];
        });
        const last = items[limit - 1];
        return { items: items.slice(0, limit), next: last && items.length > limit ? keyOf(last) : null, asOf: at };
      }),
    journal: ({ organizationId, after, limit }) =>
      call(() => {
        const { records } = shopOf(organizationId);
        const next = after + limit < records.length ? String(after + limit) : null;
        return { items: structuredClone(records.slice(after, after + limit)), next, asOf: records.length };
      }),
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
  if (commit.configVersion !== shop.configVersion || !commit.balances.every(keepsProduct))
    return { kind: 'configChanged' };
  const observed = known(commit.observe);
  const before = commit.balances.map(({ key }) => shop.rows.get(keyOf(key))?.onHand ?? 0);
  const holds = ({ min, max }: BalanceChange, onHand: number) => onHand >= (min ?? onHand) && onHand <= (max ?? onHand);
  const after = commit.postings.map(({ balance, running }) => (before[balance] ?? 0) + running);
  if (
    !commit.balances.every((change, index) => holds(change, before[index] ?? 0)) ||
    !after.every(Number.isSafeInteger)
  )
    return { kind: 'stale', before, known: observed };
  const firstSequence = shop.records.length + 1;
  shop.recordedAt = Math.max(shop.recordedAt, commit.at);
  for (const record of commit.records)
    shop.records.push({ ...record, sequence: shop.records.length + 1, recordedAt: shop.recordedAt });
  for (const [index, { record, balance }] of commit.postings.entries()) {
    const { key, productId } = commit.balances[balance] as BalanceChange;
    const onHand = after[index] ?? 0;
    const past = shop.rows.get(keyOf(key))?.past ?? [];
    past.push({ sequence: firstSequence + record, onHand });
    shop.rows.set(keyOf(key), { ...key, productId, onHand, past });
  }
  for (const change of commit.config) {
    if (change.kind === 'Location') shop.locations.set(change.location.id, change.location);
    else if (change.kind === 'Policy') shop.policy = change.policy;
    else if (change.tracked) shop.tracked.add(change.productId);
    else shop.tracked.delete(change.productId);
  }
  if (commit.config.length > 0) shop.configVersion += 1;
  return { kind: 'committed', firstSequence, recordedAt: shop.recordedAt, before, known: observed };
}
