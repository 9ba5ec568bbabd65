import type {
  CommandId,
  JsonValue,
  Location,
  LocationId,
  LowStockRule,
  NoteKey,
  OrganizationId,
  Policy,
  ProductId,
  Uuid,
  VariantId,
} from '@stockfold/core';

/** The version of the object stores; a database of a higher one is left alone. */
export const SCHEMA_VERSION = 1;

/** One per organization, written by every commit. */
export type HeadRow = Readonly<{
  organizationId: OrganizationId;
  sequence: number;
  recordedAt: number;
  configVersion: number;
  policy: Policy;
  /** How many locations were opened: the place of the next one in their order. */
  opened: number;
}>;

export type LocationRow = Location & Readonly<{ organizationId: OrganizationId; place: number }>;

/** One per product that was ever tracked. */
export type ProductRow = Readonly<{ organizationId: OrganizationId; productId: ProductId; tracked: boolean }>;

/** One per rule; a rule that says nothing has none, and to put one that does takes the row away. */
export type LowStockRow = LowStockRule & Readonly<{ organizationId: OrganizationId }>;

/** One per note; none has a body of null, and to put one that does takes the row away. */
export type NoteRow = NoteKey & Readonly<{ organizationId: OrganizationId; body: JsonValue; sequence: number }>;

/** Balances of one variant from one sequence on: what they were before, and what each posting made of them. */
export type Past = Readonly<{
  /** On hand before the first posting, by the position of the location; only of those that had moved by then. */
  base: readonly number[];
  /** Three numbers a posting: the sequence, the position of the location, on hand after it. */
  postings: readonly number[];
}>;

/**
 * One per variant, with all its locations: a line of a command is one `put`, which is twice as fast as a row for each
 * balance and one for each posting (less than half of the lines a second at 1,000 lines a command, in a try).
 */
export type VariantRow = Readonly<{
  organizationId: OrganizationId;
  variantId: VariantId;
  productId: ProductId;
  /** In the order in which they first moved; positions in the other fields are those of this list. */
  locations: readonly LocationId[];
  /** Now, by the position of the location. */
  onHand: readonly number[];
  /** The latest part of the past; earlier parts are in `pasts`. */
  past: Past;
}>;

/** An earlier part of a variant's past, under the sequence of its last posting. */
export type PastRow = Past & Readonly<{ organizationId: OrganizationId; variantId: VariantId; last: number }>;

/** One per command. */
export type RecordRow = Readonly<{
  organizationId: OrganizationId;
  sequence: number;
  commandId: CommandId;
  recordedAt: number;
  externalUuid: Uuid | null;
  /** As JSON: one string is cloned faster than a thousand objects, and nothing in the database reads it. */
  events: string;
}>;

/** Rows to be put, by object store. */
export type Rows = Readonly<{
  heads: readonly HeadRow[];
  locations: readonly LocationRow[];
  products: readonly ProductRow[];
  lowStock: readonly LowStockRow[];
  notes: readonly NoteRow[];
  variants: readonly VariantRow[];
  pasts: readonly PastRow[];
  records: readonly RecordRow[];
}>;

export const NO_ROWS: Rows = {
  heads: [],
  locations: [],
  products: [],
  lowStock: [],
  notes: [],
  variants: [],
  pasts: [],
  records: [],
};

/** What is known of the database itself. */
export type MetaRow = Readonly<{ key: 'incarnation'; value: string }>;

/** The object stores; every key begins with the organization. */
export const KEY_PATHS = {
  heads: 'organizationId',
  locations: ['organizationId', 'id'],
  products: ['organizationId', 'productId'],
  lowStock: ['organizationId', 'variantId', 'locationId'],
  notes: ['organizationId', 'kind', 'id'],
  variants: ['organizationId', 'variantId'],
  pasts: ['organizationId', 'variantId', 'last'],
  records: ['organizationId', 'sequence'],
  meta: 'key',
} as const;

export type StoreName = keyof typeof KEY_PATHS;

/** What a commit that changes settings reads and writes. */
export const LEDGER_STORES: readonly (keyof Rows)[] = Object.keys(NO_ROWS) as (keyof Rows)[];

/** What every other commit does: a transaction takes longer to open the more stores it names. */
export const MOVEMENT_STORES: readonly (keyof Rows)[] = ['heads', 'variants', 'pasts', 'records'];

/** Of `records`: by organization and command id. */
export const COMMAND_INDEX = 'command';

/** Makes the object stores of a new database, and names this incarnation of it. */
export function createSchema(db: IDBDatabase, tx: IDBTransaction): void {
  for (const [name, keyPath] of Object.entries(KEY_PATHS))
    db.createObjectStore(name, { keyPath: typeof keyPath === 'string' ? keyPath : [...keyPath] });
  tx.objectStore('records').createIndex(COMMAND_INDEX, ['organizationId', 'commandId'], { unique: true });
  tx.objectStore('meta').add({ key: 'incarnation', value: crypto.randomUUID() } satisfies MetaRow);
}

/** The key of a row, as text: two rows of one key are one row. */
export function keyOf(name: keyof Rows, row: object): string {
  const path: string | readonly string[] = KEY_PATHS[name];
  const fields: Record<string, unknown> = { ...row };
  return typeof path === 'string' ? String(fields[path]) : path.map(field => fields[field]).join('.');
}

/** All keys that begin with these parts. */
export function keysUnder(...parts: readonly string[]): IDBKeyRange {
  // An array sorts after every string and number, so nothing of the same beginning is beyond it.
  return IDBKeyRange.bound([...parts], [...parts, []]);
}
