import type { CommandId, Loaded, Location, LocationId, OrganizationId, SliceKeys, VariantId } from '@stockfold/core';
import { emptyHead } from './commit.ts';
import { fetchNotes } from './fetch-notes.ts';
import { findRecords } from './records.ts';
import type { HeadRow, LocationRow, ProductRow, VariantRow } from './schema.ts';
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

/** A location as it is told of. */
export function toLocation({ id, type, name, system }: LocationRow): Location {
  return { id, type, name, system };
}

function pairOf<K, V>(key: K, value: V | undefined): readonly [K, V][] {
  return value === undefined ? [] : [[key, value]];
}
