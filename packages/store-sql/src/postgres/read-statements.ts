import type { BalanceQuery } from '@stockfold/core';
import { rowByKey } from './row-by-key.ts';
import { arrayOf } from './row-types.ts';

// A subquery with LIMIT or OFFSET is not merged into the query around it: each is a look-up by a whole key, also on
// tables that were never analysed, where the planner would otherwise scan.

const by = (table: string, key: string, wanted: string) =>
  rowByKey({ table, key, wanted, organization: 'o.organization' });

/** The rows of a slice: organization, locations, products, variants, variants and locations of balances, commands, notes. */
export const LOAD: string = `select o.config_version, o.policy,
  (select json_agg(json_build_array(l.id, l.type, l.name, l.system)) from unnest($2::uuid[]) u(id)
    cross join lateral (select x.* ${by('location', 'id', 'u.id')}) l) as locations,
  (select json_agg(p.id) from unnest($3::uuid[]) u(id)
    cross join lateral (select x.* ${by('product', 'id', 'u.id')}) p where p.tracked = 1) as tracked,
  (select json_agg(json_build_array(v.id, (select x.id ${by('product', 'product', 'v.product')})))
    from unnest($4::uuid[]) u(id)
    cross join lateral (select x.* ${by('variant', 'id', 'u.id')}) v) as variants,
  (select json_agg(json_build_array(u.i, b.on_hand)) from (
    select k.i, (select x.variant ${by('variant', 'id', 'k.variant')}) as variant,
      (select x.location ${by('location', 'id', 'k.location')}) as location
    from unnest($5::uuid[], $6::uuid[]) with ordinality k(variant, location, i) offset 0) u
    cross join lateral (
      select b.on_hand from stockfold.balance b
      where b.organization = o.organization and b.variant = u.variant and b.location = u.location limit 1
    ) b) as balances,
  (select json_agg(json_build_array(r.sequence, r.command_id, r.recorded_at, r.external_uuid, r.events))
    from unnest($7::uuid[]) u(id)
    cross join lateral (select x.* ${by('record', 'command_id', 'u.id')}) r) as known,
  (select json_agg(json_build_array(n.kind, n.id, n.body, n.sequence))
    from json_to_recordset($8::json) u(kind text, id text)
    cross join lateral (
      select * from stockfold.note n
      where n.organization = o.organization and n.kind = u.kind and n.id = u.id limit 1
    ) n) as notes
  from stockfold.organization o where o.id = $1`;

/** All locations of an organization in the order they were opened. */
export const LOCATIONS: string = `select l.id, l.type, l.name, l.system
  from stockfold.organization o
  cross join lateral (
    select * from stockfold.location l where l.organization = o.organization order by l.location offset 0
  ) l
  where o.id = $1 order by l.location`;

/** Records after a sequence, each with the head of that moment; the head alone when there is none. */
export const JOURNAL: string = `select o.sequence as head,
    r.sequence, r.command_id, r.recorded_at, r.external_uuid, r.events
  from stockfold.organization o
  left join lateral (
    select * from stockfold.record r where r.organization = o.organization and r.sequence > $2
    order by r.sequence limit $3
  ) r on true
  where o.id = $1 order by r.sequence`;

/** Postings of one balance after a sequence, each with the head of that moment; the head alone when there is none. */
export const POSTINGS: string = `select o.sequence as head, s.sequence, s.after
  from stockfold.organization o
  left join lateral (
    select s.sequence, s.after from stockfold.posting s
    where s.organization = o.organization
      and s.variant = (select v.variant from stockfold.variant v where v.organization = o.organization and v.id = $2)
      and s.location = (select l.location from stockfold.location l where l.organization = o.organization and l.id = $3)
      and s.sequence > $4
    order by s.sequence limit $5
  ) s on true
  where o.id = $1 order by s.sequence`;

/** Tracked products after an id, with the head of that moment; the head alone when there is none. */
export const TRACKED_PRODUCTS: string = `select o.sequence as head, p.id
  from stockfold.organization o
  left join lateral (
    select p.id from stockfold.product p
    where p.organization = o.organization and p.tracked = 1 and ($2::uuid is null or p.id > $2)
      and ($3::uuid[] is null or p.id = any($3))
    order by p.id limit $4
  ) p on true
  where o.id = $1 order by p.id`;

/** Low-stock rules after a key, with the head of that moment; the head alone when there is none. */
export const LOW_STOCK: string = `select o.sequence as head,
    s.variant_id, s.location_id, s.product_id, s.level, s.alert
  from stockfold.organization o
  left join lateral (
    select * from stockfold.low_stock s
    where s.organization = o.organization and ($2::uuid is null or (s.variant_id, s.location_id) > ($2, $3::uuid))
      and ($4::uuid is null or s.location_id = $4) and ($5::uuid[] is null or s.product_id = any($5))
    order by s.variant_id, s.location_id limit $6
  ) s on true
  where o.id = $1 order by s.variant_id, s.location_id`;

/** Notes of one kind between two ids, with the head of that moment; the head alone when there is none. */
export const NOTES: string = `select o.sequence as head, n.kind, n.id, n.body, n.sequence
  from stockfold.organization o
  left join lateral (
    select * from stockfold.note n
    where n.organization = o.organization and n.kind = $2 and n.id >= $3 and n.id < $4 order by n.id limit $5
  ) n on true
  where o.id = $1 order by n.id`;

/**
 * A page of balances, one row more than its limit so that the end is known, each with the sequence it is as of; that
 * alone when there is no balance.
 */
export function balancesQuery(query: BalanceQuery): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const place = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const organizationId = place(query.organizationId, 'uuid');
  const asOf = place(query.asOf ?? null, 'bigint');
  const [variantId, locationId] = query.cursor?.split('.') ?? [];
  const conditions = [
    query.locationId === undefined ? '' : `and l.id = ${place(query.locationId, 'uuid')}`,
    // NULL: the balance had not moved yet.
    'and b.on_hand is not null',
    query.nonZero === true ? 'and b.on_hand <> 0' : '',
    variantId === undefined || locationId === undefined
      ? ''
      : `and (v.id, l.id) > (${place(variantId, 'uuid')}, ${place(locationId, 'uuid')})`,
  ];
  const variants = variantsQuery(query, variantId, place);
  const onHand =
    query.asOf === undefined
      ? 'b.on_hand'
      : `(select s.after from stockfold.posting s where s.organization = b.organization and s.variant = b.variant
          and s.location = b.location and s.sequence <= h.as_of order by s.sequence desc limit 1) as on_hand`;
  const limit = place(query.limit + 1, 'bigint');
  const text = `select h.as_of, page.* from (
      select o.organization, least(coalesce(${asOf}, o.sequence), o.sequence) as as_of
      from stockfold.organization o where o.id = ${organizationId} offset 0
    ) h
    left join lateral (
      select v.id as variant_id, l.id as location_id, (
        select p.id from stockfold.product p where p.organization = h.organization and p.product = v.product
      ) as product_id, b.on_hand
      from (${variants}) v
      cross join lateral (
        select b.location, ${onHand} from stockfold.balance b
        where b.organization = h.organization and b.variant = v.variant offset 0
      ) b
      cross join lateral (
        select l.id from stockfold.location l
        where l.organization = h.organization and l.location = b.location limit 1
      ) l
      where true ${conditions.join(' ')}
      order by v.id, l.id limit ${limit}
    ) page on true
    order by page.variant_id, page.location_id`;
  return { text, values };
}

/** Variants in order: those that are named, those of products that are named, or all from the cursor on. */
function variantsQuery(
  { variantIds, productIds }: BalanceQuery,
  cursorId: string | undefined,
  place: (value: unknown, type: string) => string,
): string {
  const wanted =
    productIds === undefined
      ? ''
      : `and v.product = any (array(
          select (select p.product from stockfold.product p where p.organization = h.organization and p.id = u.id)
          from unnest(${place(arrayOf([...new Set(productIds)]), 'uuid[]')}) u(id)))`;
  const from = cursorId === undefined ? '' : `and v.id >= ${place(cursorId, 'uuid')}`;
  const columns = 'v.id, v.variant, v.product';
  if (variantIds === undefined)
    return `select ${columns} from stockfold.variant v
      where v.organization = h.organization ${wanted} ${from} order by v.id offset 0`;
  return `select ${columns} from unnest(${place(arrayOf([...new Set(variantIds)]), 'uuid[]')}) u(id)
    cross join lateral (
      select * from stockfold.variant v where v.organization = h.organization and v.id = u.id limit 1
    ) v
    where true ${wanted} ${from} order by v.id offset 0`;
}
