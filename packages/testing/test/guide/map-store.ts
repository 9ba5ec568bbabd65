import type * as core from '@stockfold/core';
import { isNoRule, NO_FLOORS, storeFault } from '@stockfold/core';
import { errAsync, okAsync, type ResultAsync } from 'neverthrow';

/** One balance: where it stands, and what it was after each record that moved it. */
type Row = core.Balance & { past: { sequence: number; onHand: number }[] };
/** Everything of one organization. */
class Shop {
  records: core.StoredRecord[] = [];
  recordedAt = Number.NEGATIVE_INFINITY;
  configVersion = 0;
  policy = NO_FLOORS;
  locations = new Map<core.LocationId, core.Location>();
  tracked = new Set<core.ProductId>();
  lowStock = new Map<string, core.LowStockRule>();
  notes = new Map<string, core.Note>();
  rows = new Map<string, Row>();
}
type Change = core.BalanceChange;
type RowsOf<T> = (shop: Shop, asOf: number) => readonly T[];

const keyOf = ({ variantId, locationId }: { variantId: string; locationId: string }) => `${variantId}.${locationId}`;
const nameOf = ({ kind, id }: { kind: string; id: string }) => `${kind} ${id}`;
const idOf = ({ id }: { id: string }) => id;
const isIn = (ids: readonly string[] | undefined, id: string) => ids?.includes(id) ?? true;
const isOf = ({ locationId, productIds }: core.BalanceQuery, row: core.LowStockRule | Omit<core.Balance, 'onHand'>) =>
  (locationId ?? row.locationId) === row.locationId && isIn(productIds, row.productId);

/** The rows of some keys, two maps deep. */
function nested<T>(rows: Map<string, T>, keys: readonly string[], of: (row: T) => readonly unknown[]) {
  const found = new Map();
  for (const [one, other, value] of keys.flatMap(key => (rows.has(key) ? [of(rows.get(key) as T)] : [])))
    found.set(one, (found.get(one) ?? new Map()).set(other, value));
  return found;
}

export function createMapStore(): core.LedgerStore {
  const shops = new Map<string, Shop>();
  let closed = false;
  /** Looks at one organization; what it gives shares nothing with what is kept. */
  const call = <T>(organizationId: string, look: (shop: Shop) => T): ResultAsync<T, core.StoreFault> => {
    if (closed) return errAsync(storeFault('StoreClosed', 'the store was closed'));
    return okAsync(structuredClone(look(shops.get(organizationId) ?? new Shop())));
  };
  /** One page of rows: after the cursor, in the order of their keys. */
  const page = <T>(query: core.BalanceQuery, idOf: (row: T) => string, rowsOf: RowsOf<T>) =>
    call(query.organizationId, shop => {
      const asOf = Math.min(query.asOf ?? shop.records.length, shop.records.length);
      const rows = rowsOf(shop, asOf).filter(row => idOf(row) > (query.cursor ?? ''));
      const items = rows.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)).slice(0, query.limit);
      return { items, next: rows.length > query.limit ? idOf(items.at(-1) as T) : null, asOf };
    });

  return {
    durability: 'memory',
    load: (organizationId, keys, commandIds) =>
      call(organizationId, shop => {
        const moved = [...shop.rows.values()].filter(row => keys.variants.includes(row.variantId));
        return {
          slice: {
            configVersion: shop.configVersion,
            policy: shop.policy,
            locations: new Map([...shop.locations].filter(([id]) => keys.locations.includes(id))),
            tracked: new Set(keys.products.filter(productId => shop.tracked.has(productId))),
            productOf: new Map(moved.map(row => [row.variantId, row.productId])),
            onHand: nested(shop.rows, keys.balances.map(keyOf), row => [row.variantId, row.locationId, row.onHand]),
            notes: keys.notes && nested(shop.notes, keys.notes.map(nameOf), note => [note.kind, note.id, note]),
          },
          known: shop.records.filter(record => commandIds.includes(record.commandId)),
        };
      }),
    commit: commit => {
      if (new Set(commit.records.map(record => record.commandId)).size < commit.records.length)
        return errAsync(storeFault('StoreFailed', 'one record per command id'));
      return call(commit.organizationId, shop => {
        const answer = apply(shop, commit);
        if (answer.kind === 'committed') shops.set(commit.organizationId, shop);
        return answer;
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
      call(organizationId, ({ records }) => {
        const next = after + limit < records.length ? String(after + limit) : null;
        return { items: records.slice(after, after + limit), next, asOf: records.length };
      }),
    trackedProducts: query =>
      page(query, String, ({ tracked }) => [...tracked].filter(id => isIn(query.productIds, id))),
    lowStock: query => page(query, keyOf, ({ lowStock }) => [...lowStock.values()].filter(rule => isOf(query, rule))),
    notes: ({ kind, prefix = '', ...query }) =>
      page(query, idOf, ({ notes }) =>
        [...notes.values()].filter(note => note.kind === kind && note.id.startsWith(prefix)),
      ),
    locations: organizationId => call(organizationId, ({ locations }) => [...locations.values()]),
    close: () => {
      closed = true;
      return okAsync(undefined);
    },
  };
}

/** Everything is looked at before anything is written; a store with transactions may write first and roll back. */
function apply(shop: Shop, commit: core.Commit): core.Committed {
  const known = (ids: readonly string[]) => shop.records.filter(record => ids.includes(record.commandId));
  const records = known(commit.records.map(record => record.commandId));
  if (records.length > 0) return { kind: 'known', records };
  const products = new Map([...shop.rows.values()].map(row => [row.variantId, row.productId]));
  const keepsProduct = ({ key, productId }: Change) => (products.get(key.variantId) ?? productId) === productId;
  const isTracked = commit.assumed.every(productId => shop.tracked.has(productId));
  if (commit.configVersion !== shop.configVersion || !commit.balances.every(keepsProduct) || !isTracked)
    return { kind: 'configChanged' };
  const before = commit.balances.map(({ key }) => shop.rows.get(keyOf(key))?.onHand ?? 0);
  const holds = ({ min, max }: Change, onHand: number) => onHand >= (min ?? onHand) && onHand <= (max ?? onHand);
  const after = commit.postings.map(({ balance, running }) => (before[balance] ?? 0) + running);
  const writtenAt = (note: core.NoteChange) => shop.notes.get(nameOf(note))?.sequence ?? 0;
  const isOld = (commit.notes ?? []).some(note => (note.ifSequence ?? writtenAt(note)) !== writtenAt(note));
  const isHeld = commit.balances.every((change, index) => holds(change, before[index] ?? 0)) && !isOld;
  if (!isHeld || !after.every(Number.isSafeInteger)) return { kind: 'stale', before, known: known(commit.observe) };
  const firstSequence = shop.records.length + 1;
  shop.recordedAt = Math.max(shop.recordedAt, commit.at);
  for (const record of commit.records)
    shop.records.push({ ...record, sequence: shop.records.length + 1, recordedAt: shop.recordedAt });
  for (const [index, { record, balance }] of commit.postings.entries()) {
    const { key, productId } = commit.balances[balance] as Change;
    const onHand = after[index] ?? 0;
    const past = [...(shop.rows.get(keyOf(key))?.past ?? []), { sequence: firstSequence + record, onHand }];
    shop.rows.set(keyOf(key), { ...key, productId, onHand, past });
  }
  for (const { write, ifSequence: _, ...key } of commit.notes ?? []) {
    if (write?.body === null) shop.notes.delete(nameOf(key));
    else if (write) shop.notes.set(nameOf(key), { ...key, body: write.body, sequence: firstSequence + write.record });
  }
  for (const change of commit.config) {
    if (change.kind === 'Location') shop.locations.set(change.location.id, change.location);
    else if (change.kind === 'Policy') shop.policy = change.policy;
    else if (change.kind === 'LowStock')
      shop.lowStock[isNoRule(change.rule) ? 'delete' : 'set'](keyOf(change.rule), change.rule);
    else shop.tracked[change.tracked ? 'add' : 'delete'](change.productId);
  }
  if (commit.config.length > 0) shop.configVersion += 1;
  return { kind: 'committed', firstSequence, recordedAt: shop.recordedAt, before, known: known(commit.observe) };
}
