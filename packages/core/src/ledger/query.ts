import { err, ok, type Result } from 'neverthrow';
import { type OrganizationId, parseUuid, type Uuid } from '../model/id.ts';
import type { SystemLocations } from '../model/location.ts';
import type { BalanceQuery, JournalQuery, LowStockQuery, ProductQuery } from './store.ts';

/** Which balances; ids in either case, and the type of a system location stands for its id. */
export type BalanceQueryInput = Readonly<{
  locationId?: string | undefined;
  variantIds?: readonly string[] | undefined;
  productIds?: readonly string[] | undefined;
  nonZero?: boolean | undefined;
  /** As they were after this sequence: 0 or more. */
  asOf?: number | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
  /** 1 to 1,000; 100 when absent. */
  limit?: number | undefined;
}>;

/** Which balances to watch; all that ever moved when nothing is named. */
export type WatchQueryInput = Omit<BalanceQueryInput, 'asOf' | 'cursor' | 'limit'>;

/** Which records of the journal. */
export type JournalQueryInput = Readonly<{
  /** Only records after this sequence. */
  after?: number | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
  /** 1 to 1,000; 100 when absent. */
  limit?: number | undefined;
}>;

/** Which tracked products. */
export type ProductQueryInput = Readonly<{
  productIds?: readonly string[] | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
  /** 1 to 1,000; 100 when absent. */
  limit?: number | undefined;
}>;

/** Which low-stock rules; the type of a system location stands for its id. */
export type LowStockQueryInput = ProductQueryInput & Readonly<{ locationId?: string | undefined }>;

/** A query that cannot be answered as it was asked; `field` is the first that is wrong. */
export type QueryInvalid = Readonly<{ kind: 'QueryInvalid'; retry: 'never'; field: string }>;

/** The most rows of one page. */
export const PAGE_LIMIT_MAX = 1_000;
const PAGE_LIMIT = 100;

/** Whose query it is, and what the names of its system locations stand for. */
export type QueryContext = Readonly<{ organizationId: OrganizationId; system: SystemLocations }>;

/** Reads a query for balances; `QueryInvalid` names the first wrong field. */
export function parseBalanceQuery(input: BalanceQueryInput, context: QueryContext): Result<BalanceQuery, QueryInvalid> {
  if (typeof input !== 'object' || input === null) return invalid('query');
  const { locationId, variantIds, productIds, nonZero, asOf, cursor, limit = PAGE_LIMIT } = input;
  const location = locationId === undefined ? undefined : parseLocation(locationId, context.system);
  if (location === null) return invalid('locationId');
  const variants = variantIds === undefined ? undefined : parseIds(variantIds);
  if (variants === null) return invalid('variantIds');
  const products = productIds === undefined ? undefined : parseIds(productIds);
  if (products === null) return invalid('productIds');
  if (nonZero !== undefined && typeof nonZero !== 'boolean') return invalid('nonZero');
  if (asOf !== undefined && !isSequence(asOf)) return invalid('asOf');
  if (cursor !== undefined && !isBalanceCursor(cursor)) return invalid('cursor');
  if (!isLimit(limit)) return invalid('limit');
  const { organizationId } = context;
  return ok({
    organizationId,
    locationId: location,
    variantIds: variants,
    productIds: products,
    nonZero,
    asOf,
    cursor,
    limit,
  });
}

/** Reads a query for balances to watch: they are always of now, and all of them. */
export function parseWatchQuery(input: WatchQueryInput, context: QueryContext): Result<BalanceQuery, QueryInvalid> {
  return parseBalanceQuery(input, context).map(query => ({ ...query, asOf: undefined, cursor: undefined }));
}

/** Which one balance. */
export type BalanceAtInput = Readonly<{ locationId: string; variantId: string; asOf?: number | undefined }>;

/** Reads a query for one balance; `QueryInvalid` names the first wrong field. */
export function parseBalanceAt(
  input: BalanceAtInput,
  { organizationId, system }: QueryContext,
): Result<
  Readonly<{ organizationId: OrganizationId; locationId: Uuid; variantId: Uuid; asOf: number | undefined }>,
  QueryInvalid
> {
  if (typeof input !== 'object' || input === null) return invalid('query');
  const locationId = parseLocation(input.locationId, system);
  if (locationId === null) return invalid('locationId');
  const variantId = parseUuid(input.variantId).unwrapOr(null);
  if (variantId === null) return invalid('variantId');
  const { asOf } = input;
  return asOf === undefined || isSequence(asOf) ? ok({ organizationId, locationId, variantId, asOf }) : invalid('asOf');
}

/** Reads a query for the journal; `QueryInvalid` names the first wrong field. */
export function parseJournalQuery(input: JournalQueryInput, context: QueryContext): Result<JournalQuery, QueryInvalid> {
  if (typeof input !== 'object' || input === null) return invalid('query');
  const { after, cursor, limit = PAGE_LIMIT } = input;
  if (after !== undefined && !isSequence(after)) return invalid('after');
  if (cursor !== undefined && (after !== undefined || !isJournalCursor(cursor))) return invalid('cursor');
  if (!isLimit(limit)) return invalid('limit');
  return ok({ organizationId: context.organizationId, after: after ?? Number(cursor ?? 0), limit });
}

/** Reads a query for tracked products; `QueryInvalid` names the first wrong field. */
export function parseProductQuery(input: ProductQueryInput, context: QueryContext): Result<ProductQuery, QueryInvalid> {
  if (typeof input !== 'object' || input === null) return invalid('query');
  const { productIds, cursor, limit = PAGE_LIMIT } = input;
  const products = productIds === undefined ? undefined : parseIds(productIds);
  if (products === null) return invalid('productIds');
  if (cursor !== undefined && !isId(cursor)) return invalid('cursor');
  return isLimit(limit)
    ? ok({ organizationId: context.organizationId, productIds: products, cursor, limit })
    : invalid('limit');
}

/** Reads a query for low-stock rules; `QueryInvalid` names the first wrong field. */
export function parseLowStockQuery(
  input: LowStockQueryInput,
  context: QueryContext,
): Result<LowStockQuery, QueryInvalid> {
  // The fields are those of a query for balances, less some.
  if (typeof input !== 'object' || input === null) return invalid('query');
  const { locationId, productIds, cursor, limit } = input;
  return parseBalanceQuery({ locationId, productIds, cursor, limit }, context);
}

/** A query whose getter or proxy throws is as wrong as any other. */
export function readQuery<Q>(parse: () => Result<Q, QueryInvalid>): Result<Q, QueryInvalid> {
  try {
    return parse();
  } catch {
    return invalid('query');
  }
}

/** A location's id, or the type of a system location; null when it is neither. */
function parseLocation(input: unknown, system: SystemLocations): Uuid | null {
  if (input === 'STORE' || input === 'SUPPLIER' || input === 'SOLD' || input === 'BIN') return system[input];
  return parseUuid(input).unwrapOr(null);
}

function parseIds(input: unknown): readonly Uuid[] | null {
  if (!Array.isArray(input) || input.length > PAGE_LIMIT_MAX) return null;
  // Not `map`, which leaves holes as they are.
  const ids = Array.from(input, id => parseUuid(id).unwrapOr(null));
  return ids.includes(null) ? null : ([...new Set(ids)] as Uuid[]);
}

function isSequence(input: unknown): boolean {
  return Number.isSafeInteger(input) && (input as number) >= 0;
}

function isLimit(input: unknown): boolean {
  return Number.isSafeInteger(input) && (input as number) >= 1 && (input as number) <= PAGE_LIMIT_MAX;
}

function isBalanceCursor(input: unknown): boolean {
  if (typeof input !== 'string') return false;
  const ids = input.split('.');
  return ids.length === 2 && ids.every(isId);
}

/** An id in the form in which it is kept. */
function isId(input: unknown): boolean {
  return parseUuid(input).unwrapOr(null) === input;
}

function isJournalCursor(input: unknown): boolean {
  return typeof input === 'string' && /^\d{1,16}$/.test(input) && isSequence(Number(input));
}

function invalid(field: string): Result<never, QueryInvalid> {
  return err({ kind: 'QueryInvalid', retry: 'never', field });
}
