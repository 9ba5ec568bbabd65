import { err, ok, type Result } from 'neverthrow';
import {
  type CommandId,
  type LocationId,
  type OrganizationId,
  readUuid,
  type Uuid,
  type VariantId,
} from '../model/id.ts';
import type { SystemLocations } from '../model/location.ts';
import { isNoteId, isNoteKind } from '../model/note.ts';
import { isSource } from '../rules/parse-provenance.ts';
import { readPlace } from '../rules/read-values.ts';
import type { BalanceQuery, JournalQuery, LowStockQuery, NoteQuery, PostingQuery, ProductQuery } from './store.ts';

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
  /** 1 to 10,000; 100 when absent. */
  limit?: number | undefined;
}>;

/** Which balances to watch; all that ever moved when nothing is named. */
export type WatchQueryInput = Omit<BalanceQueryInput, 'asOf' | 'cursor' | 'limit'> & ExceptSource;

type ExceptSource = Readonly<{
  /** A source that is not news: of commits with no other record the caller is not told. */
  exceptSource?: string | undefined;
}>;

/** Which records of one balance, or of the journal. */
export type RecordPageInput = Readonly<{
  /** Only records after this sequence. */
  after?: number | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
  /** 1 to 1,000; 100 when absent. */
  limit?: number | undefined;
}>;

/** Which records of the journal. */
export type JournalQueryInput = RecordPageInput &
  Readonly<{
    /**
     * Without the records of this source, so that nobody takes what he wrote himself for news. A page may then be
     * shorter than its limit; at the end go on from its `asOf`, which lies behind what was passed over.
     */
    exceptSource?: string | undefined;
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

/** Which notes of one kind. */
export type NoteQueryInput = Readonly<{
  kind: string;
  /** Only ids that begin with it; a whole id has its note come first. */
  prefix?: string | undefined;
  /** `next` of the page before. */
  cursor?: string | undefined;
  /** 1 to 1,000; 100 when absent. */
  limit?: number | undefined;
}>;

/** Which postings: those of one balance. */
export type PostingQueryInput = RecordPageInput & Readonly<{ locationId: string; variantId: string }>;

/** Which records, by the commands that made them. */
export type RecordsQueryInput = Readonly<{
  /** 1 to 1,000. */
  commandIds: readonly string[];
}>;

/** A query that cannot be answered as it was asked; `field` is the first that is wrong. */
export type QueryInvalid = Readonly<{ kind: 'QueryInvalid'; retry: 'never'; field: string }>;

/** The most rows of one page, but for balances. */
export const PAGE_LIMIT_MAX = 1_000;
/** The most balances of one page: they are short, and each page costs a transaction of its own. */
export const BALANCES_LIMIT_MAX = 10_000;
const PAGE_LIMIT = 100;

/** Whose query it is, and what the names of its system locations stand for. */
export type QueryContext = Readonly<{ organizationId: OrganizationId; system: SystemLocations }>;

/** Which one balance. */
export type BalanceAtInput = Readonly<{ locationId: string; variantId: string; asOf?: number | undefined }>;

/** Which one balance, with ids that can be relied on. */
export type BalanceAtQuery = Readonly<{
  organizationId: OrganizationId;
  locationId: LocationId;
  variantId: VariantId;
  asOf?: number | undefined;
}>;

/** Reads a query for balances; `QueryInvalid` names the first wrong field. */
export function parseBalanceQuery(input: BalanceQueryInput, context: QueryContext): Result<BalanceQuery, QueryInvalid> {
  return read(input, context, { ...WATCHED, asOf: sequence, cursor: balanceCursor, limit: balanceLimit });
}

/** Which balances to watch, and of which source they are no news. */
export type WatchQuery = BalanceQuery & ExceptSource;

/** Reads a query for balances to watch: they are always of now, and all of them. */
export function parseWatchQuery(input: WatchQueryInput, context: QueryContext): Result<WatchQuery, QueryInvalid> {
  return read(input, context, { ...WATCHED, exceptSource: source });
}

/** Reads a query for one balance; `QueryInvalid` names the first wrong field. */
export function parseBalanceAt(input: BalanceAtInput, context: QueryContext): Result<BalanceAtQuery, QueryInvalid> {
  const fields = { locationId: location, variantId: id, asOf: sequence };
  return read(input, context, fields, ['locationId', 'variantId']);
}

/** Reads a query for the journal; `QueryInvalid` names the first wrong field. */
export function parseJournalQuery(
  input: JournalQueryInput,
  context: QueryContext,
): Result<JournalQuery & ExceptSource, QueryInvalid> {
  return parsePage(input, context, { exceptSource: source });
}

function parsePage(
  input: RecordPageInput,
  context: QueryContext,
  more: Readonly<Record<string, Read>>,
): Result<JournalQuery, QueryInvalid> {
  const fields = { after: sequence, cursor: journalCursor, limit, ...more };
  return read<JournalQuery & { cursor?: number }>(input, context, fields).andThen(({ cursor, ...query }) => {
    if (query.after !== undefined && cursor !== undefined) return invalid('cursor');
    return ok({ ...query, after: query.after ?? cursor ?? 0 });
  });
}

/** Reads a query for tracked products; `QueryInvalid` names the first wrong field. */
export function parseProductQuery(input: ProductQueryInput, context: QueryContext): Result<ProductQuery, QueryInvalid> {
  return read(input, context, { productIds: ids, cursor: only(isKeptId), limit });
}

/** Reads a query for low-stock rules; `QueryInvalid` names the first wrong field. */
export function parseLowStockQuery(
  input: LowStockQueryInput,
  context: QueryContext,
): Result<LowStockQuery, QueryInvalid> {
  return read(input, context, { locationId: location, productIds: ids, cursor: balanceCursor, limit });
}

/** Reads a query for notes; `QueryInvalid` names the first wrong field. */
export function parseNoteQuery(input: NoteQueryInput, context: QueryContext): Result<NoteQuery, QueryInvalid> {
  const noteId = only(isNoteId);
  return read(input, context, { kind: only(isNoteKind), prefix: noteId, cursor: noteId, limit }, ['kind']);
}

/** Reads a query for the postings of a balance; `QueryInvalid` names the first wrong field. */
export function parsePostingQuery(input: PostingQueryInput, context: QueryContext): Result<PostingQuery, QueryInvalid> {
  return parseBalanceAt(input, context).andThen(balance =>
    parsePage(input, context, {}).map(page => ({ ...balance, ...page })),
  );
}

/** Reads a query for the records of commands; `QueryInvalid` names the first wrong field. */
export function parseRecordsQuery(
  input: RecordsQueryInput,
  context: QueryContext,
): Result<readonly CommandId[], QueryInvalid> {
  const fields = { commandIds: ids };
  return read<{ commandIds: readonly CommandId[] }>(input, context, fields, ['commandIds']).map(
    ({ commandIds }) => commandIds,
  );
}

/** Reads what a field may be; null for what it may not. */
type Read = (input: unknown, context: QueryContext) => unknown;

const WATCHED = {
  locationId: location,
  variantIds: ids,
  productIds: ids,
  nonZero: only(input => typeof input === 'boolean'),
};

/** Reads each field once and in order. A query whose getter or proxy throws is as wrong as any other. */
function read<Q>(
  input: unknown,
  context: QueryContext,
  fields: Readonly<Record<string, Read>>,
  needed: readonly string[] = [],
): Result<Q, QueryInvalid> {
  const query: Record<string, unknown> = { organizationId: context.organizationId, limit: PAGE_LIMIT };
  if (typeof input !== 'object' || input === null) return invalid('query');
  try {
    for (const [field, readField] of Object.entries(fields)) {
      const given: unknown = (input as Readonly<Record<string, unknown>>)[field];
      if (given === undefined) continue;
      query[field] = readField(given, context);
      if (query[field] === null) return invalid(field);
    }
  } catch {
    return invalid('query');
  }
  const missing = needed.find(field => query[field] === undefined);
  return missing === undefined ? ok(query as Q) : invalid(missing);
}

/** What is as it should be stays as it is. */
function only(isRight: (input: unknown) => boolean): Read {
  return input => (isRight(input) ? input : null);
}

function id(input: unknown): Uuid | null {
  return readUuid(input);
}

/** An id in the form in which it is kept. */
function isKeptId(input: unknown): boolean {
  return input === readUuid(input);
}

function ids(input: unknown): readonly Uuid[] | null {
  if (!Array.isArray(input) || input.length > PAGE_LIMIT_MAX) return null;
  // Not `map`, which leaves holes as they are.
  const uuids = new Set(Array.from(input, readUuid));
  return uuids.has(null) ? null : ([...uuids] as Uuid[]);
}

function location(input: unknown, { system }: QueryContext): Uuid | null {
  return readPlace(input, system);
}

function sequence(input: unknown): number | null {
  return Number.isSafeInteger(input) && (input as number) >= 0 ? (input as number) : null;
}

function source(input: unknown): string | null {
  return isSource(input) ? (input as string) : null;
}

function limit(input: unknown): number | null {
  return rowsUpTo(PAGE_LIMIT_MAX, input);
}

function balanceLimit(input: unknown): number | null {
  return rowsUpTo(BALANCES_LIMIT_MAX, input);
}

function rowsUpTo(max: number, input: unknown): number | null {
  const rows = sequence(input);
  return rows !== null && rows >= 1 && rows <= max ? rows : null;
}

function balanceCursor(input: unknown): string | null {
  const parts = typeof input === 'string' ? input.split('.') : [];
  return parts.length === 2 && parts.every(isKeptId) ? (input as string) : null;
}

function journalCursor(input: unknown): number | null {
  return typeof input === 'string' && /^\d{1,16}$/.test(input) ? sequence(Number(input)) : null;
}

function invalid(field: string): Result<never, QueryInvalid> {
  return err({ kind: 'QueryInvalid', retry: 'never', field });
}
