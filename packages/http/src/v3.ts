import { type Ledger, type Location, PAGE_LIMIT_MAX } from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';
import type { InventoryBody, ProductStatusRow, StockRow } from './answers.ts';
import { rulesAt } from './low-stock.ts';
import { ledgerProblem, type Problem } from './problem.ts';

/** Some rows, and the cursor of those that follow. */
export type Rows<T> = Readonly<{ rows: readonly T[]; next: string | null }>;

/** Which rows of stock. */
export type StockQuery = Readonly<{
  /** Every STORE when absent: what the others hold is bookkeeping. */
  location?: Location | undefined;
  productId?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}>;

/** A location, as v3 names it. */
export function toInventoryBody({ id, type, name, system }: Location): InventoryBody {
  const description = system ? 'System generated location' : '';
  return {
    inventoryUuid: id,
    inventoryType: type,
    name,
    description,
    defaultInventory: system && type === 'STORE',
  };
}

/** A page of balances of tracked products, those of 0 too, each with its low-stock rule. */
export async function readStock(ledger: Ledger, query: StockQuery): Promise<Result<Rows<StockRow>, Problem>> {
  const locations = await ledger.locations();
  if (locations.isErr()) return err(ledgerProblem(locations.error));
  const stores = new Set<string>(locations.value.filter(({ type }) => type === 'STORE').map(({ id }) => id));
  const asked = query.location === undefined ? stores : new Set<string>([query.location.id]);
  const rows: StockRow[] = [];
  let cursor = query.cursor;
  for (;;) {
    const page = await readPage(ledger, query, cursor);
    if (page.isErr()) return err(page.error);
    for (const { row, key } of page.value.rows.filter(({ row }) => asked.has(row.inventoryUuid))) {
      if (rows.length === query.limit) return ok({ rows, next: cursor ?? null });
      rows.push(row);
      cursor = key;
    }
    if (page.value.next === null) return ok({ rows, next: null });
    cursor = page.value.next;
  }
}

type KeyedRow = Readonly<{ row: StockRow; key: string }>;

async function readPage(
  ledger: Ledger,
  { location, productId }: StockQuery,
  cursor: string | undefined,
): Promise<Result<Rows<KeyedRow>, Problem>> {
  const productIds = productId === undefined ? undefined : [productId];
  const page = await ledger.balances({ locationId: location?.id, productIds, cursor, limit: PAGE_LIMIT_MAX });
  if (page.isErr()) return err(ledgerProblem(page.error));
  const products = [...new Set(page.value.items.map(balance => balance.productId))];
  const tracked = await trackedOf(ledger, products);
  if (tracked.isErr()) return err(tracked.error);
  const rules = await rulesAt(ledger, location, products);
  if (rules.isErr()) return err(rules.error);
  const ruleOf = new Map(rules.value.map(rule => [`${rule.variantId}.${rule.locationId}`, rule]));
  const rows = page.value.items
    .filter(balance => tracked.value.has(balance.productId))
    .map(balance => {
      const key = `${balance.variantId}.${balance.locationId}`;
      const rule = ruleOf.get(key);
      const row = {
        organizationUuid: ledger.organizationId,
        inventoryUuid: balance.locationId,
        productUuid: balance.productId,
        variantUuid: balance.variantId,
        balance: balance.onHand,
        lowStockLevel: rule?.level ?? null,
        lowStockAlert: rule?.alert ?? false,
      };
      return { row, key };
    });
  return ok({ rows, next: page.value.next });
}

/** Whether each of some products is tracked, in their order. */
export async function productStatus(
  ledger: Ledger,
  productIds: readonly string[],
): Promise<Result<readonly ProductStatusRow[], Problem>> {
  const tracked = await trackedOf(ledger, productIds);
  return tracked.map(ids => productIds.map(productUuid => ({ productUuid, enabled: ids.has(productUuid) })));
}

/** A page of the tracked products. */
export async function listProducts(
  ledger: Ledger,
  query: Readonly<{ cursor?: string | undefined; limit: number }>,
): Promise<Result<Rows<ProductStatusRow>, Problem>> {
  const page = await ledger.trackedProducts(query);
  return page
    .map(({ items, next }) => ({ rows: items.map(productUuid => ({ productUuid, enabled: true })), next }))
    .mapErr(error => ledgerProblem(error));
}

async function trackedOf(ledger: Ledger, productIds: readonly string[]): Promise<Result<ReadonlySet<string>, Problem>> {
  const page = await ledger.trackedProducts({ productIds, limit: PAGE_LIMIT_MAX });
  return page.map(({ items }) => new Set<string>(items)).mapErr(error => ledgerProblem(error));
}
