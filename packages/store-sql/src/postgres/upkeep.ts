import {
  type Census,
  isNoRule,
  type LocationId,
  type Mended,
  NO_FLOORS,
  type OrganizationId,
  type ProductId,
  type Repair,
  type VariantRepair,
} from '@stockfold/core';
import { type CensusRow, censusSql, freeSql, straysSql, toCensus } from '../upkeep.ts';
import { READ_COMMITTED } from './commit-in-transaction.ts';
import { inTransaction, type Session } from './connection.ts';
import type { Memory } from './interned.ts';
import { arrayOf } from './row-types.ts';
import { COMMIT_SQL } from './statements.ts';

const named = (table: string) => `stockfold.${table}`;
const CENSUS = censusSql({ named, id: '$1::uuid', isNamed: 'l.id = any($2::uuid[])' });
const STRAYS = straysSql(named, '$1');

/** Counts the rows of an organization, with or without its head: one statement, and so of one moment. */
export async function takeCensus(
  session: Session,
  organizationId: OrganizationId,
  locationIds: readonly LocationId[],
): Promise<Census> {
  const [row] = await session.query<CensusRow>(CENSUS, [organizationId, arrayOf(locationIds)]);
  return toCensus(row);
}

/** Makes a head that is gone, and moves one that is behind to the end of a journal without gap. */
export async function mendHead(
  session: Session,
  organizationId: OrganizationId,
  locationIds: readonly LocationId[],
): Promise<void> {
  const [found] = await session.query<CensusRow>(CENSUS, [organizationId, arrayOf(locationIds)]);
  if (found === undefined) return;
  const { organization, as_of } = found;
  if (as_of === null)
    // Whatever the version was, no commit has moved it up more than once.
    await session.query(
      `insert into stockfold.organization (organization, id, sequence, recorded_at, config_version, policy)
       select $1::integer, $2::uuid, coalesce(max(sequence), 0), coalesce(max(recorded_at), 0),
         coalesce(max(sequence), 0) + 1, $3
       from stockfold.record where organization = $1 on conflict do nothing`,
      [organization, organizationId, JSON.stringify(NO_FLOORS)],
    );
  else
    await session.query(
      `update stockfold.organization o set sequence = r.last, recorded_at = r.at from (
         select max(sequence) as last, max(recorded_at) as at, count(*) as records
         from stockfold.record where organization = $1
       ) r where o.organization = $1 and r.last > o.sequence and r.records = r.last`,
      [organization],
    );
}

/** Writes rows over, unless somebody has written since the journal was read; what was remembered of them is forgotten. */
export async function mend(session: Session, repair: Repair, memory: Memory): Promise<Mended> {
  const mended = await inTransaction(session, READ_COMMITTED, async () => {
    type Head = { organization: number; sequence: number };
    const [head] = await session.query<Head>(COMMIT_SQL.lockHead, [repair.organizationId]);
    if (head?.sequence !== repair.sequence) {
      await session.query('rollback');
      return 'stale';
    }
    const { organization } = head;
    await mendSettings(session, organization, repair);
    for (const variant of repair.variants) await mendVariant(session, organization, variant);
    for (const statement of STRAYS) await session.query(statement, [organization]);
    await session.query(
      `update stockfold.organization set config_version = config_version + 1, policy = coalesce($2, policy)
       where organization = $1`,
      [organization, repair.policy === undefined ? null : JSON.stringify(repair.policy)],
    );
    await session.query('commit');
    return 'mended';
  });
  memory.delete(repair.organizationId);
  return mended;
}

async function mendSettings(
  session: Session,
  organization: number,
  { locations, tracking, lowStock, notes }: Repair,
): Promise<void> {
  for (const { id } of locations)
    await session.query('delete from stockfold.location where organization = $1 and id = $2', [organization, id]);
  for (const { id, location } of locations) {
    if (location === null) continue;
    const { place, type, name, system } = location;
    // Locations are numbered as they were opened, so each gets the number back that its balances name.
    await session.query(
      `insert into stockfold.location (organization, location, id, type, name, system)
       values ($1, $2, $3, $4, $5, $6)`,
      [organization, place + 1, id, type, name, system ? 1 : 0],
    );
  }
  for (const { productId, tracked } of tracking) {
    const product = await productOf(session, organization, productId);
    await session.query('update stockfold.product set tracked = $3 where organization = $1 and product = $2', [
      organization,
      product,
      tracked ? 1 : 0,
    ]);
  }
  for (const rule of lowStock) {
    const key = [organization, rule.variantId, rule.locationId];
    if (isNoRule(rule)) await session.query(COMMIT_SQL.deleteLowStock, key);
    else await session.query(COMMIT_SQL.setLowStock, [...key, rule.productId, rule.level, rule.alert ? 1 : 0]);
  }
  for (const { kind, id, state } of notes) {
    await session.query(COMMIT_SQL.deleteNote, [organization, kind, id]);
    if (state === null) continue;
    await session.query(
      'insert into stockfold.note (organization, kind, id, body, sequence) values ($1, $2, $3, $4, $5)',
      [organization, kind, id, JSON.stringify(state.body), state.sequence],
    );
  }
}

async function mendVariant(
  session: Session,
  organization: number,
  { variantId, productId, postings }: VariantRepair,
): Promise<void> {
  const [row] = await session.query<{ variant: number }>(
    'select variant from stockfold.variant where organization = $1 and id = $2',
    [organization, variantId],
  );
  const variant = row?.variant ?? (await freeIn(session, organization, 'variant'));
  for (const table of ['balance', 'posting', 'variant'])
    await session.query(`delete from stockfold.${table} where organization = $1 and variant = $2`, [
      organization,
      variant,
    ]);
  if (productId === null) return;
  await session.query('insert into stockfold.variant (organization, variant, id, product) values ($1, $2, $3, $4)', [
    organization,
    variant,
    variantId,
    await productOf(session, organization, productId),
  ]);
  const ids = [...new Set(postings.map(posting => posting.locationId))];
  const found = await session.query<{ id: LocationId; location: number }>(COMMIT_SQL.locations, [
    organization,
    arrayOf(ids),
  ]);
  const locations = new Map(found.map(({ id, location }) => [id, location]));
  // A location that is not there is one that the journal never opened, or that is put back at another time.
  const kept = postings.filter(posting => locations.has(posting.locationId));
  const onHand = new Map(kept.map(posting => [posting.locationId, posting.onHand]));
  const places = (of: readonly Readonly<{ locationId: LocationId }>[]) =>
    arrayOf(of.map(({ locationId }) => locations.get(locationId)));
  await session.query(COMMIT_SQL.insertPostings, [
    organization,
    arrayOf(kept.map(() => variant)),
    places(kept),
    arrayOf(kept.map(posting => posting.sequence)),
    arrayOf(kept.map(posting => posting.delta)),
    arrayOf(kept.map(posting => posting.onHand)),
  ]);
  const balances = [...onHand].map(([locationId, after]) => ({ locationId, after }));
  await session.query(COMMIT_SQL.addToBalances, [
    organization,
    arrayOf(balances.map(() => variant)),
    places(balances),
    arrayOf(balances.map(({ after }) => after)),
  ]);
}

async function productOf(session: Session, organization: number, id: ProductId): Promise<number> {
  const [row] = await session.query<{ product: number }>(
    'select product from stockfold.product where organization = $1 and id = $2',
    [organization, id],
  );
  if (row !== undefined) return row.product;
  const product = await freeIn(session, organization, 'product');
  await session.query('insert into stockfold.product (organization, product, id, tracked) values ($1, $2, $3, 0)', [
    organization,
    product,
    id,
  ]);
  return product;
}

async function freeIn(session: Session, organization: number, column: 'variant' | 'product'): Promise<number> {
  const [row] = await session.query<{ free: number }>(freeSql(named, '$1', column), [organization]);
  return (row as { free: number }).free;
}
