import type {
  LowStockQuery,
  LowStockRule,
  Note,
  NoteQuery,
  NoteState,
  Page,
  ProductId,
  ProductQuery,
} from '@stockfold/core';
import type { Books } from './books.ts';

// Settings and notes are few beside movements, and are sorted for each question.

export function readTrackedProducts(books: Books, query: ProductQuery): Page<ProductId> {
  const { productIds, cursor = '', limit } = query;
  const found = productIds === undefined ? [...books.tracked] : productIds.filter(id => books.tracked.has(id));
  const items = found.filter(id => id > cursor).sort();
  return pageOf(items, limit, String, books);
}

export function readLowStock(books: Books, query: LowStockQuery): Page<LowStockRule> {
  const { locationId, productIds, cursor = '', limit } = query;
  const products = productIds && new Set(productIds);
  const items = [...books.lowStock.values()]
    .flatMap(rules => [...rules.values()])
    .filter(rule => locationId === undefined || rule.locationId === locationId)
    .filter(rule => products?.has(rule.productId) ?? true)
    .filter(rule => keyOf(rule) > cursor)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map(rule => ({ ...rule }));
  return pageOf(items, limit, keyOf, books);
}

export function readNotes(books: Books, { kind, prefix = '', cursor = '', limit }: NoteQuery): Page<Note> {
  const notes = books.notes.get(kind) ?? new Map<string, NoteState>();
  const ids = [...notes.keys()].filter(id => id.startsWith(prefix) && id > cursor).sort();
  const { items, ...page } = pageOf(ids, limit, String, books);
  return { items: items.map(id => structuredClone({ kind, id, ...(notes.get(id) as NoteState) })), ...page };
}

function keyOf({ variantId, locationId }: LowStockRule): string {
  return `${variantId}.${locationId}`;
}

function pageOf<T>(items: readonly T[], limit: number, nextOf: (item: T) => string, books: Books): Page<T> {
  const last = items[limit - 1];
  const next = last !== undefined && items.length > limit ? nextOf(last) : null;
  return { items: items.slice(0, limit), next, asOf: books.journal.length };
}
