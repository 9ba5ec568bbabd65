import type { LowStockQuery, LowStockRule, Page, ProductId, ProductQuery } from '@stockfold/core';
import { readHead } from './read.ts';
import { scan } from './scan.ts';
import type { LowStockRow, ProductRow } from './schema.ts';
import type { Open } from './transaction.ts';

/** A page of the products that are tracked, in the order of their ids. */
export async function readTrackedProducts(open: Open, query: ProductQuery): Promise<Page<ProductId>> {
  const { sequence } = await readHead(open, query.organizationId);
  const rows = query.productIds ? await namedProducts(open, query, query.productIds) : await allProducts(open, query);
  return pageOf(rows, query.limit, String, sequence);
}

/** A page of low-stock rules, in the order of variant and location. */
export async function readLowStock(open: Open, query: LowStockQuery): Promise<Page<LowStockRule>> {
  const { organizationId, locationId, productIds, cursor, limit } = query;
  const { sequence } = await readHead(open, organizationId);
  const after = cursor?.split('.') ?? [];
  const rules = await scan(
    open,
    { name: 'lowStock', under: [organizationId], after, batch: limit + 1, enough: limit + 1 },
    ({ organizationId: _, ...rule }: LowStockRow): readonly LowStockRule[] =>
      rule.locationId === (locationId ?? rule.locationId) && (productIds?.includes(rule.productId) ?? true)
        ? [rule]
        : [],
  );
  return pageOf(rules, limit, rule => `${rule.variantId}.${rule.locationId}`, sequence);
}

function allProducts(open: Open, { organizationId, cursor, limit }: ProductQuery): Promise<readonly ProductId[]> {
  const after = cursor === undefined ? [] : [cursor];
  return scan(
    open,
    { name: 'products', under: [organizationId], after, batch: limit + 1, enough: limit + 1 },
    trackedIn,
  );
}

async function namedProducts(
  open: Open,
  { organizationId, cursor = '' }: ProductQuery,
  productIds: readonly ProductId[],
): Promise<readonly ProductId[]> {
  const store = open.store('products');
  const ids = [...new Set(productIds)].filter(id => id > cursor).sort();
  const rows = await open.results(ids.map(id => store.get([organizationId, id]) as IDBRequest<ProductRow | undefined>));
  return rows.flatMap(row => (row === undefined ? [] : trackedIn(row)));
}

function trackedIn({ productId, tracked }: ProductRow): readonly ProductId[] {
  return tracked ? [productId] : [];
}

/** The page that begins with these items, of which one more than fits says that there is a next one. */
export function pageOf<T>(found: readonly T[], limit: number, keyOf: (item: T) => string, asOf: number): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last === undefined || found.length <= limit ? null : keyOf(last), asOf };
}
