import {
  type Balance,
  type Ledger,
  type Location,
  PAGE_LIMIT_MAX,
  type QueryInvalid,
  type StoreFault,
} from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';
import type { ListBody, ShortBody } from './answers.ts';
import { toVariantBalance } from './find-location.ts';
import type { HttpHandlerOptions } from './options.ts';
import { ledgerProblem, type Problem, problemAt } from './problem.ts';

/** Which balances of a location are listed. */
export type ListQuery = Readonly<{
  location: Location;
  /** All products when absent. */
  productIds?: readonly string[] | undefined;
  /** As they were after this sequence; what is tracked is always as it is now. */
  asOf?: number | undefined;
}>;

/**
 * The tracked products, and their balances at a location: those other than 0. A product whose tracking stopped is not
 * shown; its balances are there again once it is tracked again.
 */
export async function listBalances(ledger: Ledger, query: ListQuery): Promise<Result<ListBody, Problem>> {
  const { location, productIds, asOf } = query;
  const products = await allPages(cursor => ledger.trackedProducts({ productIds, cursor, limit: PAGE_LIMIT_MAX }));
  if (products.isErr()) return err(products.error);
  const tracked = new Set<string>(products.value);
  const balances = await balancesAt(ledger, { location, productIds, asOf });
  if (balances.isErr()) return err(balances.error);
  const variants = balances.value
    .filter(({ productId }) => tracked.has(productId))
    .map(balance => toVariantBalance(location, balance));
  return ok({ locationUuid: location.id, trackedProducts: [...tracked], variants, latest: 0 });
}

/** The balances of one product at a location, those other than 0. */
export async function productBalances(
  ledger: Ledger,
  query: Readonly<{ location: Location; productId: string; asOf?: number | undefined }>,
): Promise<Result<ShortBody, Problem>> {
  const { location, productId, asOf } = query;
  const isTracked = await checkTracked(ledger, productId);
  if (isTracked.isErr()) return err(isTracked.error);
  const balances = await balancesAt(ledger, { location, productIds: [productId], asOf });
  return balances.map(items => ({
    locationUuid: location.id,
    variants: items.map(balance => toVariantBalance(location, balance)),
  }));
}

/** A problem for a product that is not tracked: the mirrored API tells its clients, and they start to track it. */
export async function checkTracked(ledger: Ledger, productId: string): Promise<Result<void, Problem>> {
  const page = await ledger.trackedProducts({ productIds: [productId], limit: 1 });
  if (page.isErr()) return err(ledgerProblem(page.error));
  if (page.value.items.length > 0) return ok();
  return err(problemAt(422, 'PRODUCT_NOT_TRACKED', 'The product is not tracked.', ['productUuid']));
}

/** Every page is as of the first: what is written in between does not show through. */
function balancesAt(ledger: Ledger, { location, productIds, asOf }: ListQuery): Promise<Result<Balance[], Problem>> {
  const query = { locationId: location.id, productIds, nonZero: true, limit: PAGE_LIMIT_MAX };
  return allPages((cursor, first) => ledger.balances({ ...query, cursor, asOf: first ?? asOf }));
}

type AnyPage<T> = Readonly<{ items: readonly T[]; next: string | null; asOf: number }>;

/** The items of all pages; `read` is given the cursor, and the sequence that the first page was as of. */
export async function allPages<T>(
  read: (
    cursor: string | undefined,
    asOf: number | undefined,
  ) => PromiseLike<Result<AnyPage<T>, StoreFault | QueryInvalid>>,
): Promise<Result<T[], Problem>> {
  const items: T[] = [];
  let cursor: string | undefined;
  let asOf: number | undefined;
  do {
    const page = await read(cursor, asOf);
    if (page.isErr()) return err(ledgerProblem(page.error));
    items.push(...page.value.items);
    cursor = page.value.next ?? undefined;
    asOf = page.value.asOf;
  } while (cursor !== undefined);
  return ok(items);
}

/** Writes the balances of an answer as the host wants them; the rest stays. */
export function showBalances({ balances }: Pick<HttpHandlerOptions, 'balances'>): <B extends ShortBody>(body: B) => B {
  if (balances !== 'string') return body => body;
  return body => ({ ...body, variants: body.variants.map(row => ({ ...row, balance: String(row.balance) })) });
}
