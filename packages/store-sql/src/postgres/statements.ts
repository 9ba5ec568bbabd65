// Each row is found by a whole unique key, one element of an array at a time: `= any(…)` makes the planner take the
// organization's part of the key alone, and read all that the organization has.

/** The statements of a commit without the function. Places are $1 … in the order of their use. */
export const COMMIT_SQL: Readonly<Record<StatementName, string>> = {
  lockHead: `select organization, sequence, recorded_at, config_version, policy
    from stockfold.organization where id = $1 for update`,
  insertHead: `insert into stockfold.organization (organization, id, sequence, recorded_at, config_version, policy)
    select coalesce(max(o.organization), 0) + 1, $1::uuid, 0, $2::bigint, 0, $3
    from stockfold.organization o on conflict do nothing`,
  updateHead: `update stockfold.organization set sequence = $2, recorded_at = $3, config_version = $4, policy = $5
    where organization = $1`,
  records: `select r.sequence, r.command_id, r.recorded_at, r.external_uuid, r.events
    from unnest($2::uuid[]) with ordinality u(id, i)
    cross join lateral (
      select * from stockfold.record r where r.organization = $1 and r.command_id = u.id limit 1
    ) r order by u.i`,
  variants: `select u.id, v.variant, v.product_id from unnest($2::uuid[]) u(id)
    cross join lateral (
      select v.variant,
        (select p.id from stockfold.product p where p.organization = $1 and p.product = v.product) as product_id
      from stockfold.variant v where v.organization = $1 and v.id = u.id limit 1
    ) v`,
  untracked: `select u.id from unnest($2::uuid[]) u(id)
    where (select p.tracked from stockfold.product p where p.organization = $1 and p.id = u.id) is distinct from 1`,
  locations: `select u.id, l.location from unnest($2::uuid[]) u(id)
    cross join lateral (
      select l.location from stockfold.location l where l.organization = $1 and l.id = u.id limit 1
    ) l`,
  balances: `select coalesce((
      select b.on_hand from stockfold.balance b
      where b.organization = $1 and b.variant = u.variant and b.location = u.location
    ), 0) as on_hand
    from unnest($2::integer[], $3::integer[]) with ordinality u(variant, location, i) order by u.i`,
  insertLocation: `insert into stockfold.location (organization, location, id, type, name, system)
    select $1::integer, coalesce(max(l.location), 0) + 1, $2::uuid, $3, $4, $5
    from stockfold.location l where l.organization = $1`,
  setTracked: `insert into stockfold.product (organization, product, id, tracked)
    select $1::integer, coalesce(max(p.product), 0) + 1, $2::uuid, $3
    from stockfold.product p where p.organization = $1
    on conflict (organization, id) do update set tracked = excluded.tracked`,
  setLowStock: `insert into stockfold.low_stock (organization, variant_id, location_id, product_id, level, alert)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (organization, variant_id, location_id)
    do update set product_id = excluded.product_id, level = excluded.level, alert = excluded.alert`,
  deleteLowStock: `delete from stockfold.low_stock
    where organization = $1 and variant_id = $2 and location_id = $3`,
  staleNotes: `select t.id from json_to_recordset($2::json) t(kind text, id text, "ifSequence" bigint)
    where t."ifSequence" <> coalesce((
      select n.sequence from stockfold.note n where n.organization = $1 and n.kind = t.kind and n.id = t.id
    ), 0)`,
  setNotes: `insert into stockfold.note (organization, kind, id, body, sequence)
    select $1::integer, t.kind, t.id, t.body, $2::bigint + t.record
    from json_to_recordset($3::json) t(kind text, id text, body text, record bigint) where t.body is not null
    on conflict (organization, kind, id) do update set body = excluded.body, sequence = excluded.sequence`,
  deleteNote: 'delete from stockfold.note where organization = $1 and kind = $2 and id = $3',
  insertProducts: `insert into stockfold.product (organization, product, id, tracked)
    select $1::integer, (select coalesce(max(p.product), 0) from stockfold.product p where p.organization = $1)
      + row_number() over (order by u.id), u.id, 0
    from unnest($2::uuid[]) u(id)
    where (select p.product from stockfold.product p where p.organization = $1 and p.id = u.id) is null`,
  insertVariants: `insert into stockfold.variant (organization, variant, id, product)
    select $1::integer, (select coalesce(max(v.variant), 0) from stockfold.variant v where v.organization = $1)
      + row_number() over (order by u.i), u.id,
      (select p.product from stockfold.product p where p.organization = $1 and p.id = u.product)
    from unnest($2::uuid[], $3::uuid[]) with ordinality u(id, product, i)
    returning variant, id`,
  addToBalances: `insert into stockfold.balance as b (organization, variant, location, on_hand)
    select $1::integer, u.variant, u.location, u.delta
    from unnest($2::integer[], $3::integer[], $4::bigint[]) u(variant, location, delta)
    on conflict (organization, variant, location) do update set on_hand = b.on_hand + excluded.on_hand`,
  insertRecords: `insert into stockfold.record (organization, sequence, command_id, recorded_at, external_uuid, events)
    select $1::integer, $2::bigint + u.i - 1, u.id, $3::bigint, u.external, u.events
    from unnest($4::uuid[], $5::uuid[], string_to_array($6, E'\\n')) with ordinality u(id, external, events, i)`,
  insertPostings: `insert into stockfold.posting (organization, variant, location, sequence, delta, after)
    select $1::integer, u.variant, u.location, u.sequence, u.delta, u.after
    from unnest($2::integer[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[])
      u(variant, location, sequence, delta, after)`,
};

type StatementName =
  | 'lockHead'
  | 'insertHead'
  | 'updateHead'
  | 'records'
  | 'variants'
  | 'untracked'
  | 'locations'
  | 'balances'
  | 'insertLocation'
  | 'setTracked'
  | 'setLowStock'
  | 'deleteLowStock'
  | 'staleNotes'
  | 'setNotes'
  | 'deleteNote'
  | 'insertProducts'
  | 'insertVariants'
  | 'addToBalances'
  | 'insertRecords'
  | 'insertPostings';
