import {
  type Location,
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
import { readHead, toLocation } from './read.ts';
import { findIn, pageOf, scan } from './scan.ts';
import { keysUnder, type LocationRow, type LowStockRow, type NoteRow, type ProductRow } from './schema.ts';
import type { Open } from './transaction.ts';

/** All locations in the order they were opened. */
export async function readLocations(open: Open, organizationId: OrganizationId): Promise<readonly Location[]> {
  const all = open.store('locations').getAll(keysUnder(organizationId)) as IDBRequest<LocationRow[]>;
  const [rows] = await open.results([all]);
  return rows.sort((a, b) => a.place - b.place).map(toLocation);
}

/** A page of the products that are tracked, in the order of their ids. */
export async function readTrackedProducts(open: Open, query: ProductQuery): Promise<Page<ProductId>> {
  const { organizationId, productIds, cursor, limit } = query;
  const { sequence } = await readHead(open, organizationId);
  const from = cursor === undefined ? [] : [cursor];
  const rows =
    productIds === undefined
      ? scan<ProductRow>(open, { name: 'products', under: [organizationId], from, batch: limit + 1 })
      : namedProducts(open, query, productIds);
  const found = await findIn(rows, limit + 1, ({ productId, tracked }) => (tracked ? [productId] : []));
  return pageOf(found, limit, String, sequence);
}

/** A page of low-stock rules, in the order of variant and location. */
export async function readLowStock(open: Open, query: LowStockQuery): Promise<Page<LowStockRule>> {
  const { organizationId, locationId, productIds, cursor, limit } = query;
  const { sequence } = await readHead(open, organizationId);
  const from = cursor?.split('.') ?? [];
  const rows = scan<LowStockRow>(open, { name: 'lowStock', under: [organizationId], from, batch: limit + 1 });
  const rules = await findIn(rows, limit + 1, ({ organizationId: _, ...rule }): readonly LowStockRule[] =>
    rule.locationId === (locationId ?? rule.locationId) && (productIds?.includes(rule.productId) ?? true) ? [rule] : [],
  );
  return pageOf(rules, limit, rule => `${rule.variantId}.${rule.locationId}`, sequence);
}

/** A page of the notes of one kind, in the order of their ids. */
export async function readNotes(open: Open, query: NoteQuery): Promise<Page<Note>> {
  const { organizationId, kind, limit } = query;
  const { from, to } = noteRange(query);
  // A range that ends before it begins is an error, and so is one of nothing.
  const range =
    from < to ? IDBKeyRange.bound([organizationId, kind, from], [organizationId, kind, to], false, true) : null;
  const asked = range && (open.store('notes').getAll(range, limit + 1) as IDBRequest<NoteRow[]>);
  const { sequence } = await readHead(open, organizationId);
  const notes = (asked?.result ?? []).map(({ organizationId: _, ...note }): Note => note);
  return pageOf(notes, limit, note => note.id, sequence);
}

async function* namedProducts(
  open: Open,
  { organizationId, cursor = '' }: ProductQuery,
  productIds: readonly ProductId[],
): AsyncGenerator<readonly ProductRow[]> {
  const store = open.store('products');
  const ids = [...new Set(productIds)].filter(id => id > cursor).sort();
  const asked = ids.map(id => store.get([organizationId, id]) as IDBRequest<ProductRow | undefined>);
  yield (await open.results(asked)).filter(row => row !== undefined);
}
