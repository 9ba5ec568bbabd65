import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
  type Balance,
  type BalanceQuery,
  type CommandId,
  type JournalQuery,
  type Loaded,
  type Location,
  type LocationId,
  NO_FLOORS,
  type OrganizationId,
  type Page,
  type PostingQuery,
  type ProductId,
  type SliceKeys,
  type StoredPosting,
  type StoredRecord,
  type VariantId,
} from '@stockfold/core';
import { type RawBuilder, sql } from 'kysely';
import { hexToUuid, toLocation, toPolicy, toRecord } from '../codec.ts';
import { byKey, toNote } from '../notes.ts';
import { findRecords } from './commit.ts';
import type { Connection } from './connection.ts';
import { builder } from './dialect.ts';
import { toStoreFault } from './fault.ts';
import { rollBack } from './roll-back.ts';

/** Runs some reads as one: all of them see the same moment. Throws a `StoreFault`. */
export function readInTransaction<T>(connection: Connection, read: (connection: Connection) => T): T {
  const { db } = connection;
  try {
    db.exec('begin');
    const result = read(connection);
    db.exec('commit');
    return result;
  } catch (error) {
    rollBack(db);
    throw toStoreFault(error);
  }
}

export function readSlice(
  { statements }: Connection,
  organizationId: OrganizationId,
  keys: SliceKeys,
  commandIds: readonly CommandId[],
): Loaded {
  const head = statements.head.get(organizationId);
  const organization = head?.organization ?? 0;
  const variants = new Map(keys.variants.map(id => [id, statements.variant.get(organization, id)]));
  const locations = new Map(keys.locations.map(id => [id, statements.location.get(organization, id)]));
  const onHand = new Map<VariantId, Map<LocationId, number>>();
  for (const { variantId, locationId } of keys.balances) {
    const variant = (variants.get(variantId) ?? statements.variant.get(organization, variantId))?.variant ?? null;
    const location = (locations.get(locationId) ?? statements.location.get(organization, locationId))?.location ?? null;
    const row = statements.balance.get(organization, variant, location);
    if (row === undefined) continue;
    const balances = onHand.get(variantId) ?? new Map<LocationId, number>();
    onHand.set(variantId, balances.set(locationId, row.on_hand));
  }
  return {
    slice: {
      configVersion: head?.config_version ?? 0,
      policy: head === undefined ? NO_FLOORS : toPolicy(head.policy),
      locations: present(locations, (id, row) => toLocation(id, row)),
      tracked: new Set(keys.products.filter(id => statements.product.get(organization, id)?.tracked === 1)),
      productOf: present(variants, (_, row) => row.product_id as ProductId),
      onHand,
      notes:
        keys.notes &&
        byKey(keys.notes.flatMap(({ kind, id }) => statements.note.all(organization, kind, id)).map(toNote)),
    },
    known: findRecords(statements, organization, commandIds),
  };
}

export function readLocations({ statements }: Connection, organizationId: OrganizationId): readonly Location[] {
  const organization = statements.head.get(organizationId)?.organization ?? 0;
  return statements.locations.all(organization).map(row => toLocation(row.id as LocationId, row));
}

export function readJournal({ statements }: Connection, query: JournalQuery): Page<StoredRecord> {
  const head = statements.head.get(query.organizationId);
  const rows = statements.recordsAfter.all(head?.organization ?? 0, query.after, query.limit);
  const items = rows.map(([sequence, hex, recorded_at, external_uuid, events]) =>
    toRecord({ sequence, command_id: hexToUuid(hex), recorded_at, external_uuid, events }),
  );
  const last = items.at(-1)?.sequence ?? 0;
  const asOf = head?.sequence ?? 0;
  return { items, next: rows.length > 0 && last < asOf ? String(last) : null, asOf };
}

export function readBalances({ db, statements }: Connection, query: BalanceQuery): Page<Balance> {
  const head = statements.head.get(query.organizationId);
  if (head === undefined) return { items: [], next: null, asOf: 0 };
  const asOf = Math.min(query.asOf ?? head.sequence, head.sequence);
  const rows = selectBalances(db, query, head.organization, asOf < head.sequence ? asOf : undefined);
  const items = rows.slice(0, query.limit).map(toBalance);
  const last = items.at(-1);
  return { items, next: rows.length > query.limit && last ? `${last.variantId}.${last.locationId}` : null, asOf };
}

export function readPostings({ statements }: Connection, query: PostingQuery): Page<StoredPosting> {
  const head = statements.head.get(query.organizationId);
  const organization = head?.organization ?? 0;
  const variant = statements.variant.get(organization, query.variantId)?.variant ?? null;
  const location = statements.location.get(organization, query.locationId)?.location ?? null;
  // One row more than the limit, so that the end is known.
  const rows = statements.postingsAfter.all(organization, variant, location, query.after, query.limit + 1);
  const items = rows.slice(0, query.limit).map(({ sequence, after }) => ({ sequence, onHand: after }));
  const next = rows.length > query.limit ? String(items.at(-1)?.sequence) : null;
  return { items, next, asOf: head?.sequence ?? 0 };
}

type BalanceRow = { variant_id: string; location_id: string; product_id: string; on_hand: number };

/** One row more than the limit, so that the end is known. Built per call: its conditions differ. */
function selectBalances(
  db: DatabaseSync,
  query: BalanceQuery,
  organization: number,
  asOf: number | undefined,
): BalanceRow[] {
  let select = builder
    .selectFrom('stockfold_variant as v')
    .innerJoin('stockfold_product as p', join =>
      join.onRef('p.organization', '=', 'v.organization').onRef('p.product', '=', 'v.product'),
    )
    .innerJoin('stockfold_balance as b', join =>
      join.onRef('b.organization', '=', 'v.organization').onRef('b.variant', '=', 'v.variant'),
    )
    .innerJoin('stockfold_location as l', join =>
      join.onRef('l.organization', '=', 'b.organization').onRef('l.location', '=', 'b.location'),
    )
    .select(['v.id as variant_id', 'l.id as location_id', 'p.id as product_id', onHandAt(asOf).as('on_hand')])
    .where('v.organization', '=', organization)
    .orderBy('v.id')
    .orderBy('l.id')
    .limit(query.limit + 1);
  if (query.locationId !== undefined) select = select.where('l.id', '=', query.locationId);
  if (query.variantIds !== undefined) select = select.where('v.id', 'in', [...query.variantIds]);
  if (query.productIds !== undefined) select = select.where('p.id', 'in', [...query.productIds]);
  // NULL: the balance had not moved yet.
  if (asOf !== undefined) select = select.where(onHandAt(asOf), 'is not', null);
  if (query.nonZero === true) select = select.where(onHandAt(asOf), '<>', 0);
  if (query.cursor !== undefined) {
    const [variantId = '', locationId = ''] = query.cursor.split('.');
    select = select
      .where('v.id', '>=', variantId)
      .where(({ eb, or }) => or([eb('v.id', '>', variantId), eb('l.id', '>', locationId)]));
  }
  const compiled = select.compile();
  return db.prepare(compiled.sql).all(...(compiled.parameters as SQLInputValue[])) as BalanceRow[];
}

function onHandAt(asOf: number | undefined): RawBuilder<number | null> {
  if (asOf === undefined) return sql<number | null>`b.on_hand`;
  return sql<number | null>`(select s.after from stockfold_posting s where s.organization = b.organization
    and s.variant = b.variant and s.location = b.location and s.sequence <= ${asOf}
    order by s.sequence desc limit 1)`;
}

function toBalance(row: BalanceRow): Balance {
  return {
    locationId: row.location_id as LocationId,
    productId: row.product_id as ProductId,
    variantId: row.variant_id as VariantId,
    onHand: row.on_hand,
  };
}

function present<K, Row, V>(rows: ReadonlyMap<K, Row | undefined>, read: (key: K, row: Row) => V): Map<K, V> {
  const found = new Map<K, V>();
  for (const [key, row] of rows) if (row !== undefined) found.set(key, read(key, row));
  return found;
}
