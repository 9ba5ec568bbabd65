import type {
  Balance,
  BalanceQuery,
  CommandId,
  JournalQuery,
  Loaded,
  LocationId,
  NoteKey,
  NoteState,
  Page,
  PostingQuery,
  ProductId,
  Slice,
  SliceKeys,
  StoredPosting,
  StoredRecord,
  VariantId,
} from '@stockfold/core';
import type { Books, Cell } from './books.ts';

/** Copies the rows of some keys, so that no later commit shows through. */
export function readSlice(books: Books, keys: SliceKeys, commandIds: readonly CommandId[]): Loaded {
  const onHand = new Map<VariantId, Map<LocationId, number>>();
  for (const { variantId, locationId } of keys.balances) {
    const cell = books.cells.get(variantId)?.get(locationId);
    if (cell === undefined) continue;
    const balances = onHand.get(variantId) ?? new Map<LocationId, number>();
    onHand.set(variantId, balances.set(locationId, cell.onHand));
  }
  return {
    slice: {
      configVersion: books.configVersion,
      policy: books.policy,
      locations: pick(books.locations, keys.locations),
      tracked: new Set(keys.products.filter(productId => books.tracked.has(productId))),
      productOf: pick(books.productOf, keys.variants),
      onHand,
      notes: keys.notes && pickNotes(books, keys.notes),
    },
    known: knownRecords(books, commandIds),
  };
}

function pickNotes({ notes }: Books, keys: readonly NoteKey[]): Slice['notes'] {
  const picked = new Map<string, Map<string, NoteState>>();
  for (const { kind, id } of keys) {
    const note = notes.get(kind)?.get(id);
    if (note === undefined) continue;
    picked.set(kind, (picked.get(kind) ?? new Map<string, NoteState>()).set(id, structuredClone(note)));
  }
  return picked;
}

/** The records of those commands that are in the journal. */
export function knownRecords(books: Books, commandIds: readonly CommandId[]): readonly StoredRecord[] {
  return commandIds.flatMap(id => {
    const sequence = books.sequenceOf.get(id);
    return sequence === undefined ? [] : [recordAt(books, sequence)];
  });
}

export function readJournal(books: Books, { after, limit }: JournalQuery): Page<StoredRecord> {
  const end = Math.min(after + limit, books.records.length);
  const items: StoredRecord[] = [];
  for (let sequence = after + 1; sequence <= end; sequence++) items.push(recordAt(books, sequence));
  return { items, next: end < books.records.length ? String(end) : null, asOf: books.records.length };
}

export function readBalances(books: Books, query: BalanceQuery): Page<Balance> {
  const asOf = Math.min(query.asOf ?? books.records.length, books.records.length);
  const items: Balance[] = [];
  for (const row of rowsFrom(books, query)) {
    const onHand = asOf === books.records.length ? row.cell.onHand : onHandAt(row.cell, asOf);
    if (onHand === undefined || (query.nonZero === true && onHand === 0)) continue;
    if (items.length === query.limit) return { items, next: cursorOf(items.at(-1) as Balance), asOf };
    const { locationId, variantId, productId } = row;
    items.push({ locationId, productId, variantId, onHand });
  }
  return { items, next: null, asOf };
}

export function readPostings(books: Books, { variantId, locationId, after, limit }: PostingQuery): Page<StoredPosting> {
  const { sequences, afters } = books.cells.get(variantId)?.get(locationId) ?? { sequences: [], afters: [] };
  const start = firstAtLeast(sequences, after + 1);
  const found = sequences.slice(start, start + limit);
  const items = found.map((sequence, index) => ({ sequence, onHand: afters[start + index] ?? 0 }));
  const next = start + limit < sequences.length ? String(items.at(-1)?.sequence) : null;
  return { items, next, asOf: books.records.length };
}

type Row = { variantId: VariantId; locationId: LocationId; productId: ProductId; cell: Cell };

/** The rows of a query after its cursor, in the order of variant and location. */
function* rowsFrom(books: Books, query: BalanceQuery): Generator<Row> {
  const [afterVariant = '', afterLocation = ''] = query.cursor?.split('.') ?? [];
  const products = query.productIds && new Set(query.productIds);
  const variants = query.variantIds ? [...query.variantIds].sort() : sortedVariants(books);
  for (let index = firstAtLeast(variants, afterVariant); index < variants.length; index++) {
    const variantId = variants[index] as VariantId;
    const productId = books.productOf.get(variantId);
    if (productId === undefined || (products && !products.has(productId))) continue;
    for (const [locationId, cell] of sortedCells(books, variantId, query.locationId)) {
      if (variantId === afterVariant && locationId <= afterLocation) continue;
      yield { variantId, locationId, productId, cell };
    }
  }
}

function sortedCells(books: Books, variantId: VariantId, only: LocationId | undefined): readonly [LocationId, Cell][] {
  const cells = books.cells.get(variantId) ?? new Map<LocationId, Cell>();
  if (only === undefined) return [...cells].sort(([a], [b]) => (a < b ? -1 : 1));
  const cell = cells.get(only);
  return cell === undefined ? [] : [[only, cell]];
}

function sortedVariants(books: Books): readonly VariantId[] {
  books.sorted ??= [...books.cells.keys()].sort();
  return books.sorted;
}

/** What the balance was after a sequence; undefined when it had not moved yet. */
function onHandAt(cell: Cell, sequence: number): number | undefined {
  const index = firstAtLeast(cell.sequences, sequence + 1) - 1;
  return index < 0 ? undefined : cell.afters[index];
}

/** The first position in a sorted list whose value is not below the wanted one. */
function firstAtLeast<T>(sorted: readonly T[], wanted: T): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as T) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cursorOf(balance: Balance): string {
  return `${balance.variantId}.${balance.locationId}`;
}

/** A copy: what a caller does with it cannot reach the journal. */
function recordAt(books: Books, sequence: number): StoredRecord {
  return structuredClone(books.records[sequence - 1]) as StoredRecord;
}

function pick<K, V>(map: ReadonlyMap<K, V>, keys: readonly K[]): Map<K, V> {
  const picked = new Map<K, V>();
  for (const key of keys) {
    const value = map.get(key);
    if (value !== undefined) picked.set(key, value);
  }
  return picked;
}
