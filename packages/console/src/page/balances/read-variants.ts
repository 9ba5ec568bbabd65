import { type Balance, type BalanceQueryInput, parseUuid } from '@stockfold/core';
import { okAsync, type ResultAsync } from 'neverthrow';
import type { Api } from '../api/api.ts';
import type { ApiError } from '../api/api-error.ts';

/** A variant, with what each location holds of it. */
export type VariantRow = Readonly<{
  variantId: string;
  productId: string;
  /** By location, in smallest units; what is absent never moved. */
  onHand: ReadonlyMap<string, number>;
}>;

/** Some variants in the order of their ids, and where the next ones begin. */
export type VariantPage = Readonly<{ rows: readonly VariantRow[]; next: string | null }>;

/** Which variants. */
export type VariantQuery = Readonly<{
  /** The beginning of a variant's id, or the whole id of a product, in lower case; empty for all. */
  search: string;
  /** `next` of the page before. */
  cursor: string | null;
  /** Null for now. */
  asOf: number | null;
  /** How many locations there are: so many balances a variant may have. */
  locations: number;
}>;

/** So many variants are shown at a time. */
export const PAGE_VARIANTS = 10;
const PAGE_BALANCES_MAX = 1_000;

/** Reads the balances of a page of variants: those of one variant stand together, in the order of ids. */
export function readVariants(
  ask: Api['ask'],
  { search, cursor, asOf, locations }: VariantQuery,
  signal: AbortSignal,
): ResultAsync<VariantPage, ApiError> {
  // One variant more than is shown: what is left of it says that there is a next page.
  const limit = Math.min(PAGE_BALANCES_MAX, (PAGE_VARIANTS + 1) * locations);
  const read = (query: BalanceQueryInput) =>
    ask({ kind: 'balances', query: { limit, ...(asOf === null ? {} : { asOf }), ...query } }, signal).map(page =>
      pageOf(page.items, page.next === null),
    );
  const start = cursor ?? cursorBefore(search);
  return read(start === null ? {} : { cursor: start })
    .map(page => onlyThoseOf(page, search))
    .andThen(page => {
      const isProduct = page.rows.length === 0 && cursor === null && search.length === WHOLE_ID.length;
      return isProduct ? read({ productIds: [search] }) : okAsync(page);
    });
}

/** The whole variants among these balances; what is left of the last one begins the next page. */
export function pageOf(balances: readonly Balance[], isEnd: boolean): VariantPage {
  const groups = groupsOf(balances);
  // The last variant may go on behind the last balance.
  const whole = isEnd || groups.length === 1 ? groups : groups.slice(0, -1);
  const shown = whole.slice(0, PAGE_VARIANTS);
  const last = shown.at(-1)?.at(-1);
  const isLast = isEnd && shown.length === groups.length;
  return {
    rows: shown.map(rowOf),
    next: isLast || last === undefined ? null : `${last.variantId}.${last.locationId}`,
  };
}

function groupsOf(balances: readonly Balance[]): readonly (readonly Balance[])[] {
  const groups: Balance[][] = [];
  for (const balance of balances) {
    const group = groups.at(-1);
    if (group?.[0]?.variantId === balance.variantId) group.push(balance);
    else groups.push([balance]);
  }
  return groups;
}

function rowOf(balances: readonly Balance[]): VariantRow {
  const { variantId = '', productId = '' } = balances[0] ?? {};
  return { variantId, productId, onHand: new Map(balances.map(({ locationId, onHand }) => [locationId, onHand])) };
}

// The least id that there can be: RFC 9562 sets two of its digits.
const WHOLE_ID = '00000000-0000-1000-8000-000000000000';

/** The cursor of a page that begins with the ids that begin so; null for the first page. */
export function cursorBefore(search: string): string | null {
  return search === '' ? null : `${search}${WHOLE_ID.slice(search.length)}.${WHOLE_ID}`;
}

function onlyThoseOf({ rows, next }: VariantPage, search: string): VariantPage {
  const those = rows.filter(row => row.variantId.startsWith(search));
  return { rows: those, next: those.length === rows.length ? next : null };
}

/** Whether this is how an id begins, in lower case, so that it can be looked for. */
export function isIdPrefix(text: string): boolean {
  const id = `${text}${WHOLE_ID.slice(text.length)}`;
  return parseUuid(id).unwrapOr(null) === id;
}
