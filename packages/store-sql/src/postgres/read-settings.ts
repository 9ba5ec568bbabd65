import {
  type LowStockQuery,
  type LowStockRule,
  type Note,
  type NoteQuery,
  noteRange,
  type Page,
  type ProductId,
  type ProductQuery,
} from '@stockfold/core';
import { type LowStockRow, toLowStockRule } from '../codec.ts';
import { type NoteRow, toNote } from '../notes.ts';
import type { Session } from './connection.ts';
import { LOW_STOCK, NOTES, TRACKED_PRODUCTS } from './read-statements.ts';
import { arrayOf } from './row-types.ts';

/** A page of the tracked products. */
export async function readTrackedProducts(session: Session, query: ProductQuery): Promise<Page<ProductId>> {
  const { organizationId, productIds, cursor = null, limit } = query;
  const products = productIds === undefined ? null : arrayOf(productIds);
  const values = [organizationId, cursor, products, limit + 1];
  const rows = await session.query<{ head: number; id: string | null }>(TRACKED_PRODUCTS, values);
  const found = rows.flatMap(row => (row.id === null ? [] : [row.id as ProductId]));
  return pageOf(found, limit, String, rows[0]?.head);
}

/** A page of the low-stock rules. */
export async function readLowStock(session: Session, query: LowStockQuery): Promise<Page<LowStockRule>> {
  const { organizationId, locationId = null, productIds, cursor, limit } = query;
  const [afterVariant = null, afterLocation = null] = cursor?.split('.') ?? [];
  const products = productIds === undefined ? null : arrayOf(productIds);
  const values = [organizationId, afterVariant, afterLocation, locationId, products, limit + 1];
  const rows = await session.query<LowStockRow & { head: number }>(LOW_STOCK, values);
  const found = rows.filter(row => row.variant_id !== null).map(toLowStockRule);
  return pageOf(found, limit, rule => `${rule.variantId}.${rule.locationId}`, rows[0]?.head);
}

/** A page of the notes of one kind. */
export async function readNotes(session: Session, query: NoteQuery): Promise<Page<Note>> {
  const { organizationId, kind, limit } = query;
  const { from, to } = noteRange(query);
  type Row = { head: number } & (NoteRow | { id: null });
  const rows = await session.query<Row>(NOTES, [organizationId, kind, from, to, limit + 1]);
  const found = rows.flatMap(row => (row.id === null ? [] : [toNote(row)]));
  return pageOf(found, limit, note => note.id, rows[0]?.head);
}

/** One row more than the limit was read, so that the end is known. */
function pageOf<T>(found: readonly T[], limit: number, nextOf: (item: T) => string, head: number | undefined): Page<T> {
  const last = found[limit - 1];
  const next = last !== undefined && found.length > limit ? nextOf(last) : null;
  return { items: found.slice(0, limit), next, asOf: head ?? 0 };
}
