import type {
  CommandId,
  JournalQuery,
  Loaded,
  Location,
  LocationId,
  OrganizationId,
  Page,
  SliceKeys,
  StoredRecord,
  VariantId,
} from '@stockfold/core';
import { emptyHead } from './commit.ts';
import { fetchNotes } from './fetch-notes.ts';
import { findRecords, toRecord } from './records.ts';
import {
  type HeadRow,
  keysUnder,
  type LocationRow,
  type ProductRow,
  type RecordRow,
  type VariantRow,
} from './schema.ts';
import type { Open } from './transaction.ts';
import { onHandIn } from './variant-row.ts';

/** The rows of some keys, and the records of commands that are in the journal, all asked for at once. */
export async function readSlice(
  open: Open,
  organizationId: OrganizationId,
  keys: SliceKeys,
  commandIds: readonly CommandId[],
): Promise<Loaded> {
  const rowsOf = <T>(name: 'locations' | 'products' | 'variants', ids: readonly string[]) => {
    const store = open.store(name);
    const requests = ids.map(id => store.get([organizationId, id]) as IDBRequest<T | undefined>);
    return () => requests.flatMap(({ result }) => (result === undefined ? [] : [result]));
  };
  const looked = findRecords(open, organizationId, commandIds);
  const locations = rowsOf<LocationRow>('locations', keys.locations);
  const products = rowsOf<ProductRow>('products', keys.products);
  const variants = rowsOf<VariantRow>('variants', [
    ...new Set([...keys.variants, ...keys.balances.map(key => key.variantId)]),
  ]);
  const notes = fetchNotes(open, organizationId, keys.notes);
  const head = await readHead(open, organizationId);
  const rows = new Map(variants().map(row => [row.variantId, row]));
  return {
    slice: {
      configVersion: head.configVersion,
      policy: head.policy,
      locations: new Map(locations().map(row => [row.id, toLocation(row)])),
      tracked: new Set(products().flatMap(row => (row.tracked ? [row.productId] : []))),
      productOf: new Map(keys.variants.flatMap(id => pairOf(id, rows.get(id)?.productId))),
      onHand: onHandOf(keys, rows),
      notes: notes(),
    },
    known: await looked(),
  };
}

/** A page of the journal. */
export async function readJournal(
  open: Open,
  { organizationId, after, limit }: JournalQuery,
): Promise<Page<StoredRecord>> {
  const range = IDBKeyRange.bound([organizationId, after + 1], [organizationId, after + limit]);
  const page = open.store('records').getAll(range) as IDBRequest<RecordRow[]>;
  const { sequence: asOf } = await readHead(open, organizationId);
  return { items: page.result.map(toRecord), next: after + limit < asOf ? String(after + limit) : null, asOf };
}

/** All locations in the order they were opened. */
export async function readLocations(open: Open, organizationId: OrganizationId): Promise<readonly Location[]> {
  const all = open.store('locations').getAll(keysUnder(organizationId)) as IDBRequest<LocationRow[]>;
  const [rows] = await open.results([all]);
  return rows.sort((a, b) => a.place - b.place).map(toLocation);
}

/** The head of an organization; what was asked for before it has been answered then. */
export async function readHead(open: Open, organizationId: OrganizationId): Promise<HeadRow> {
  const [head] = await open.results([open.store('heads').get(organizationId) as IDBRequest<HeadRow | undefined>]);
  return head ?? emptyHead(organizationId);
}

function onHandOf({ balances }: SliceKeys, rows: ReadonlyMap<VariantId, VariantRow>): Loaded['slice']['onHand'] {
  const onHand = new Map<VariantId, Map<LocationId, number>>();
  for (const { variantId, locationId } of balances) {
    const row = rows.get(variantId);
    const value = row === undefined ? undefined : onHandIn(row, locationId);
    if (value === undefined) continue;
    const ofVariant = onHand.get(variantId) ?? new Map<LocationId, number>();
    onHand.set(variantId, ofVariant.set(locationId, value));
  }
  return onHand;
}

function toLocation({ id, type, name, system }: LocationRow): Location {
  return { id, type, name, system };
}

function pairOf<K, V>(key: K, value: V | undefined): readonly [K, V][] {
  return value === undefined ? [] : [[key, value]];
}
