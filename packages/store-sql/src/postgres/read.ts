import {
  type Balance,
  type BalanceQuery,
  type CommandId,
  type JournalQuery,
  type Loaded,
  type Location,
  type LocationId,
  NO_FLOORS,
  type Note,
  type OrganizationId,
  type Page,
  type PostingQuery,
  type ProductId,
  type SliceKeys,
  type StoredPosting,
  type StoredRecord,
  type VariantId,
} from '@stockfold/core';
import { toLocation, toPolicy, toRecord } from '../codec.ts';
import { byKey, toNote } from '../notes.ts';
import { fromTuple } from './commit.ts';
import type { Session } from './connection.ts';
import { CALL_LOAD, LOAD_NAME } from './load-function.ts';
import { balancesQuery, JOURNAL, LOAD, LOCATIONS, POSTINGS } from './read-statements.ts';
import { arrayOf } from './row-types.ts';

// Every read is one statement, and so of one moment, whatever the isolation of the session.

type LoadRow = Readonly<{
  config_version: number;
  policy: string;
  locations: readonly [id: LocationId, type: string, name: string, system: number][] | null;
  tracked: readonly ProductId[] | null;
  variants: readonly [id: VariantId, productId: ProductId][] | null;
  balances: readonly [position: number, onHand: number][] | null;
  known: readonly Parameters<typeof fromTuple>[0][] | null;
  notes: readonly [kind: string, id: string, body: string, sequence: number][] | null;
}>;

/** What is asked for of a slice: the rows of some keys and the records of some commands. */
export type SliceQuery = Readonly<{
  organizationId: OrganizationId;
  keys: SliceKeys;
  commandIds: readonly CommandId[];
}>;

/** The rows of a slice, by a call of `stockfold.load_v1`. */
export async function readSliceByFunction(session: Session, query: SliceQuery): Promise<Loaded> {
  const [row] = await session.query<{ answer: LoadRow | null }>(CALL_LOAD, parametersOf(query), LOAD_NAME);
  return toLoaded(query, row?.answer ?? undefined);
}

/** The same by a plain statement, for engines without PL/pgSQL. */
export async function readSlice(session: Session, query: SliceQuery): Promise<Loaded> {
  const [row] = await session.query<LoadRow>(LOAD, parametersOf(query));
  return toLoaded(query, row);
}

function parametersOf({ organizationId, keys, commandIds }: SliceQuery): unknown[] {
  return [
    organizationId,
    arrayOf(keys.locations),
    arrayOf(keys.products),
    arrayOf(keys.variants),
    arrayOf(keys.balances.map(key => key.variantId)),
    arrayOf(keys.balances.map(key => key.locationId)),
    arrayOf(commandIds),
    keys.notes === undefined ? null : JSON.stringify(keys.notes),
  ];
}

function toLoaded({ keys }: SliceQuery, row: LoadRow | undefined): Loaded {
  return {
    slice: {
      configVersion: row?.config_version ?? 0,
      policy: row === undefined ? NO_FLOORS : toPolicy(row.policy),
      locations: new Map(
        row?.locations?.map(([id, type, name, system]) => [id, toLocation(id, { type, name, system })]),
      ),
      tracked: new Set(row?.tracked),
      productOf: new Map(row?.variants),
      onHand: onHandOf(keys, row?.balances ?? []),
      notes: keys.notes && byKey((row?.notes ?? []).map(fromNoteTuple)),
    },
    known: (row?.known ?? []).map(fromTuple),
  };
}

function fromNoteTuple([kind, id, body, sequence]: (LoadRow['notes'] & {})[number]): Note {
  return toNote({ kind, id, body, sequence });
}

function onHandOf(
  keys: SliceKeys,
  rows: readonly (readonly [position: number, onHand: number])[],
): Map<VariantId, Map<LocationId, number>> {
  const onHand = new Map<VariantId, Map<LocationId, number>>();
  for (const [position, value] of rows) {
    const key = keys.balances[position - 1];
    if (key === undefined) continue;
    const balances = onHand.get(key.variantId) ?? new Map<LocationId, number>();
    onHand.set(key.variantId, balances.set(key.locationId, value));
  }
  return onHand;
}

export async function readLocations(session: Session, organizationId: OrganizationId): Promise<readonly Location[]> {
  type Row = { id: string; type: string; name: string; system: number };
  const rows = await session.query<Row>(LOCATIONS, [organizationId]);
  return rows.map(row => toLocation(row.id as LocationId, row));
}

export async function readJournal(session: Session, query: JournalQuery): Promise<Page<StoredRecord>> {
  type Row = Parameters<typeof toRecord>[0] & { head: number };
  const rows = await session.query<Row>(JOURNAL, [query.organizationId, query.after, query.limit]);
  const asOf = rows[0]?.head ?? 0;
  // An organization without further records gives one row of its head alone.
  const items = rows.filter(row => row.sequence !== null).map(toRecord);
  const last = items.at(-1)?.sequence ?? 0;
  return { items, next: items.length > 0 && last < asOf ? String(last) : null, asOf };
}

export async function readPostings(session: Session, query: PostingQuery): Promise<Page<StoredPosting>> {
  type Row = { head: number; sequence: number | null; after: number };
  const { organizationId, variantId, locationId, after, limit } = query;
  // One row more than the limit, so that the end is known.
  const rows = await session.query<Row>(POSTINGS, [organizationId, variantId, locationId, after, limit + 1]);
  const found = rows.flatMap(row => (row.sequence === null ? [] : [{ sequence: row.sequence, onHand: row.after }]));
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? String(items.at(-1)?.sequence) : null, asOf: rows[0]?.head ?? 0 };
}

export async function readBalances(session: Session, query: BalanceQuery): Promise<Page<Balance>> {
  type Row = { as_of: number; variant_id: string; location_id: string; product_id: string; on_hand: number };
  const { text, values } = balancesQuery(query);
  const rows = await session.query<Row>(text, values);
  const found = rows.filter(row => row.variant_id !== null).map(toBalance);
  const items = found.slice(0, query.limit);
  const last = items.at(-1);
  const next = found.length > query.limit && last ? `${last.variantId}.${last.locationId}` : null;
  return { items, next, asOf: rows[0]?.as_of ?? 0 };
}

function toBalance(row: { variant_id: string; location_id: string; product_id: string; on_hand: number }): Balance {
  return {
    locationId: row.location_id as LocationId,
    productId: row.product_id as ProductId,
    variantId: row.variant_id as VariantId,
    onHand: row.on_hand,
  };
}
