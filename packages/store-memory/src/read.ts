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
  Slice,
  SliceKeys,
  StoredPosting,
  StoredRecord,
  VariantId,
} from '@stockfold/core';
import type { Books } from './books.ts';

/** Copies the rows of some keys, so that no later commit shows through. */
export function readSlice(books: Books, keys: SliceKeys, commandIds: readonly CommandId[]): Loaded {
  const { balances } = books;
  const onHand = new Map<VariantId, Map<LocationId, number>>();
  for (const key of keys.balances) {
    const row = balances.find(key);
    if (row < 0) continue;
    const ofVariant = onHand.get(key.variantId) ?? new Map<LocationId, number>();
    onHand.set(key.variantId, ofVariant.set(key.locationId, balances.onHand(row)));
  }
  return {
    slice: {
      configVersion: books.configVersion,
      policy: books.policy,
      locations: pick(keys.locations, id => books.locations.get(id)),
      tracked: new Set(keys.products.filter(productId => books.tracked.has(productId))),
      productOf: pick(keys.variants, id => balances.productOf(id)),
      onHand,
      notes: keys.notes && pickNotes(books, keys.notes),
    },
    known: books.journal.find(commandIds),
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

export function readJournal({ journal }: Books, { after, limit }: JournalQuery): Page<StoredRecord> {
  const end = Math.min(after + limit, journal.length);
  const items: StoredRecord[] = [];
  for (let sequence = after + 1; sequence <= end; sequence++) items.push(journal.at(sequence));
  return { items, next: end < journal.length ? String(end) : null, asOf: journal.length };
}

export function readPostings({ journal, balances }: Books, query: PostingQuery): Page<StoredPosting> {
  const asOf = journal.length;
  const row = balances.find(query);
  if (row < 0) return { items: [], next: null, asOf };
  const { items, isLast } = balances.postings.page(balances.newest(row), query.after, query.limit);
  return { items, next: isLast ? null : String(items.at(-1)?.sequence), asOf };
}

export function readBalances({ journal, balances }: Books, query: BalanceQuery): Page<Balance> {
  const asOf = Math.min(query.asOf ?? journal.length, journal.length);
  const [afterVariant = '', afterLocation = ''] = query.cursor?.split('.') ?? [];
  const products = query.productIds && new Set(query.productIds);
  const variants = query.variantIds === undefined ? balances.variants() : [...query.variantIds].sort();
  const items: Balance[] = [];
  for (let index = firstAtLeast(variants, afterVariant); index < variants.length; index++) {
    const variantId = variants[index] as VariantId;
    const productId = balances.productOf(variantId);
    if (productId === undefined || (products && !products.has(productId))) continue;
    for (const row of rowsOf({ balances }, variantId, query.locationId)) {
      const locationId = balances.locationOf(row);
      if (variantId === afterVariant && locationId <= afterLocation) continue;
      const onHand = asOf === journal.length ? balances.onHand(row) : balances.onHandAt(row, asOf);
      if (onHand === null || (query.nonZero === true && onHand === 0)) continue;
      if (items.length === query.limit) return { items, next: cursorOf(items.at(-1) as Balance), asOf };
      items.push({ locationId, productId, variantId, onHand });
    }
  }
  return { items, next: null, asOf };
}

function rowsOf(
  { balances }: Pick<Books, 'balances'>,
  variantId: VariantId,
  locationId: LocationId | undefined,
): readonly number[] {
  if (locationId === undefined) return balances.rowsOf(variantId);
  const row = balances.find({ variantId, locationId });
  return row < 0 ? [] : [row];
}

/** The first position in a sorted list whose value is not below the wanted one. */
function firstAtLeast(sorted: readonly string[], wanted: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function cursorOf(balance: Balance): string {
  return `${balance.variantId}.${balance.locationId}`;
}

function pick<K, V>(keys: readonly K[], get: (key: K) => V | undefined): Map<K, V> {
  const picked = new Map<K, V>();
  for (const key of keys) {
    const value = get(key);
    if (value !== undefined) picked.set(key, value);
  }
  return picked;
}
