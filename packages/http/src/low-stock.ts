import {
  type Ledger,
  type Location,
  type LowStockRule,
  type LowStockRuleInput,
  PAGE_LIMIT_MAX,
  type Path,
} from '@stockfold/core';
import type { Result } from 'neverthrow';
import type { LocationLowStock, ProductLowStock } from './answers.ts';
import type { LowStockBody } from './low-stock-schemas.ts';
import { ledgerProblem, type Problem } from './problem.ts';
import { allPages } from './read-balances.ts';

/** Rules to be set, and what the request calls them. */
export type LowStockRequest = Readonly<{
  rules: readonly LowStockRuleInput[];
  /** `requests[1]`; empty for a body that is one rule. */
  at: (index: number) => string;
  /** The field that names the location. */
  locationField: 'locationUuid' | 'inventoryUuid';
}>;

/** A body as a rule at a location. */
export function ruleOf(body: LowStockBody, locationId: string): LowStockRuleInput {
  const { productUuid, variantUuid, lowStockLevel, lowStockAlert } = body;
  const setting = { level: lowStockLevel ?? null, alert: lowStockAlert ?? false };
  return { productId: productUuid, variantId: variantUuid, locationId, ...setting };
}

/** Sets rules, all or none. */
export async function setLowStock(ledger: Ledger, request: LowStockRequest): Promise<Result<void, Problem>> {
  const done = await ledger.execute({ kind: 'SetLowStock', id: ledger.newId(), rules: request.rules });
  const names = { productId: 'productUuid', variantId: 'variantUuid', locationId: request.locationField };
  const place = ([, index, field]: Path) =>
    [request.at(Number(index)), names[field as keyof typeof names]].filter(Boolean).join('.');
  return done.map(() => undefined).mapErr(error => ledgerProblem(error, place));
}

/** All rules at a location, by product in the order of their ids. */
export async function locationLowStock(ledger: Ledger, location: Location): Promise<Result<LocationLowStock, Problem>> {
  const rules = await rulesAt(ledger, location);
  return rules.map(items => {
    const products = [...new Set(items.map(rule => rule.productId))].sort();
    const customLowStockLevelsForProducts = products.map(productId => toProductLowStock(productId, items));
    return { organizationUuid: ledger.organizationId, locationUuid: location.id, customLowStockLevelsForProducts };
  });
}

/** The rules of one product at a location. */
export async function productLowStock(
  ledger: Ledger,
  location: Location,
  productId: string,
): Promise<Result<ProductLowStock, Problem>> {
  return (await rulesAt(ledger, location, [productId])).map(items => toProductLowStock(productId, items));
}

/** Every rule, at one location or at all, of some products or of all. */
export function rulesAt(
  ledger: Ledger,
  location?: Location,
  productIds?: readonly string[],
): Promise<Result<LowStockRule[], Problem>> {
  const query = { locationId: location?.id, productIds, limit: PAGE_LIMIT_MAX };
  return allPages(cursor => ledger.lowStock({ ...query, cursor }));
}

function toProductLowStock(productId: string, rules: readonly LowStockRule[]): ProductLowStock {
  const customLowStockLevelForVariants = rules
    .filter(rule => rule.productId === productId)
    .map(({ variantId, level, alert }) => ({
      variantUuid: variantId,
      customLowStockLevel: level,
      lowStockAlert: alert,
    }));
  return { productUuid: productId, customLowStockLevelForVariants };
}
