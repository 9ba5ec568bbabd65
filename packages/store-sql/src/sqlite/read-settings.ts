import type { SQLInputValue } from 'node:sqlite';
import {
  type LowStockQuery,
  type LowStockRule,
  type Note,
  type NoteQuery,
  noteRange,
  type OrganizationId,
  type Page,
  type ProductId,
  type ProductQuery,
} from '@stockfold/core';
import type { Compilable } from 'kysely';
import { type LowStockRow, toLowStockRule } from '../codec.ts';
import { toNote } from '../notes.ts';
import type { Connection } from './connection.ts';
import { builder } from './dialect.ts';

/** A page of the tracked products. */
export function readTrackedProducts(connection: Connection, query: ProductQuery): Page<ProductId> {
  return page(connection, query, ({ organization }) => {
    let select = builder
      .selectFrom('stockfold_product')
      .select('id')
      .where('organization', '=', organization)
      .where('tracked', '=', 1)
      .where('id', '>', query.cursor ?? '')
      .orderBy('id')
      .limit(query.limit + 1);
    if (query.productIds !== undefined) select = select.where('id', 'in', [...query.productIds]);
    const rows = all<{ id: string }>(connection, select);
    return { items: rows.map(row => row.id as ProductId), nextOf: String };
  });
}

/** A page of the low-stock rules. */
export function readLowStock(connection: Connection, query: LowStockQuery): Page<LowStockRule> {
  return page(connection, query, ({ organization }) => {
    const [variantId = '', locationId = ''] = query.cursor?.split('.') ?? [];
    let select = builder
      .selectFrom('stockfold_low_stock')
      .select(['variant_id', 'location_id', 'product_id', 'level', 'alert'])
      .where('organization', '=', organization)
      .where('variant_id', '>=', variantId)
      .where(({ eb, or }) => or([eb('variant_id', '>', variantId), eb('location_id', '>', locationId)]))
      .orderBy('variant_id')
      .orderBy('location_id')
      .limit(query.limit + 1);
    if (query.locationId !== undefined) select = select.where('location_id', '=', query.locationId);
    if (query.productIds !== undefined) select = select.where('product_id', 'in', [...query.productIds]);
    const items = all<LowStockRow>(connection, select).map(toLowStockRule);
    return { items, nextOf: rule => `${rule.variantId}.${rule.locationId}` };
  });
}

/** A page of the notes of one kind. */
export function readNotes(connection: Connection, query: NoteQuery): Page<Note> {
  const { from, to } = noteRange(query);
  return page(connection, query, ({ organization }) => {
    const rows = connection.statements.notesBetween.all(organization, query.kind, from, to, query.limit + 1);
    return { items: rows.map(toNote), nextOf: note => note.id };
  });
}

type Found<T> = Readonly<{ items: readonly T[]; nextOf: (item: T) => string }>;

/** One row more than the limit was read, so that the end is known. */
function page<T>(
  { statements }: Connection,
  { organizationId, limit }: Readonly<{ organizationId: OrganizationId; limit: number }>,
  read: (head: Readonly<{ organization: number }>) => Found<T>,
): Page<T> {
  const head = statements.head.get(organizationId);
  if (head === undefined) return { items: [], next: null, asOf: 0 };
  const { items, nextOf } = read(head);
  const last = items[limit - 1];
  const next = last !== undefined && items.length > limit ? nextOf(last) : null;
  return { items: items.slice(0, limit), next, asOf: head.sequence };
}

function all<Row>({ db }: Connection, select: Compilable): Row[] {
  const { sql, parameters } = select.compile();
  return db.prepare(sql).all(...(parameters as SQLInputValue[])) as Row[];
}
