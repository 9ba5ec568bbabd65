import { rowByKey } from './row-by-key.ts';

/** What `stockfold.commit_v1` answers in `status`. */
export const STATUS: Readonly<{
  committed: 0;
  stale: 1;
  known: 2;
  configChanged: 3;
  /** The session's isolation is not READ COMMITTED: nothing was looked at. */
  isolation: 4;
  /** A number would leave the safe integers: nothing was applied, and which and where is to be found out. */
  overflow: 5;
  /** The journal lacks the record that the caller's integers go by: nothing was applied. */
  putBack: 6;
}> = { committed: 0, stale: 1, known: 2, configChanged: 3, isolation: 4, overflow: 5, putBack: 6 };

/** The call; the parameters stand in the order of the function's own. */
export const CALL_COMMIT: string =
  'select stockfold.commit_v1($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27) as answer';

/** A value of the row of this organization with a unique key; null when there is none. */
function find(value: string, table: string, key: string, wanted: string): string {
  return `(select ${value} ${rowByKey({ table, key, wanted, organization: 'org' })})`;
}

/** The last integer that the organization has handed out. */
function last(table: string): string {
  return `coalesce((
    select x.${table} from stockfold.${table} x where x.organization = org order by x.${table} desc limit 1
  ), 0)`;
}

/** Another organization may be founded at once: then neither the id nor the integer is free, and it is tried again. */
const FOUND = `insert into stockfold.organization (organization, id, sequence, recorded_at, config_version, policy)
        select coalesce(max(o.organization), 0) + 1, p_organization, 0, p_at, 0, '{"floors":{}}'
          from stockfold.organization o on conflict do nothing`;

/** What the call is named on connections that can name it. */
export const COMMIT_NAME: string = 'stockfold.commit_v1';

/** Where the records and the postings of a commit come from. */
type Source = Readonly<{ records: string; postings: string }>;

/** One record, whose postings are the balances, so that no further array is to be read. */
const LONE: Source = {
  records: 'select h.organization, h.base + 1, r_id[1], h.recorded_at, r_external[1], r_events from head h',
  postings: 'select h.organization, q.v, q.l, h.base + 1, q.delta, q.was + q.delta from head h, q where q.moved',
};

const GROUP: Source = {
  records: `select h.organization, h.base + t.i, t.id, h.recorded_at, t.external, t.events
    from head h, unnest(r_id, r_external, string_to_array(r_events, E'\\n')) with ordinality t(id, external, events, i)`,
  postings: `select h.organization, k_variant[t.balance], k_location[t.balance], h.base + 1 + t.record, t.delta,
      a.was[t.balance] + t.running
    from head h, a, unnest(p_record, p_balance, p_delta, p_running) t(record, balance, delta, running)`,
};

/** The statement that writes. */
function write({ records, postings }: Source): string {
  return `with head as (
    update stockfold.organization o
      set sequence = o.sequence + n, recorded_at = greatest(o.recorded_at, p_at), config_version = o.config_version + step
      where o.id = p_organization
      returning o.organization, o.sequence - n as base, o.recorded_at, o.config_version - step as version
  ), k as materialized (
    select t.v, t.l, t.delta, t.lo, t.hi, coalesce(t.moved, true) as moved, t.i
      from unnest(k_variant, k_location, k_delta, k_min, k_max, k_moved) with ordinality t(v, l, delta, lo, hi, moved, i)
  ), up as (
    insert into stockfold.balance as b (organization, variant, location, on_hand)
      select h.organization, k.v, k.l, k.delta from head h, k where k.moved
      on conflict (organization, variant, location) do update set on_hand = b.on_hand + excluded.on_hand
      returning b.variant, b.location, b.on_hand
  ), q as materialized (
    select k.*, up.on_hand - k.delta as was from k left join up on up.variant = k.v and up.location = k.l
  ), a as materialized (
    select array_agg(q.was order by q.i) as was, bool_or(q.was < q.lo or q.was > q.hi) as bad from q
  ), rec as (
    insert into stockfold.record (organization, sequence, command_id, recorded_at, external_uuid, events) ${records}
  ), post as (
    insert into stockfold.posting (organization, variant, location, sequence, delta, after) ${postings}
  )
  select h.organization, h.base + 1, h.recorded_at, h.version, a.was, a.bad, p_seen is null or (select true from stockfold.record r
      where r.organization = h.organization and r.sequence = p_seen and r.command_id = p_seen_id) is not null
    into org, first_sequence, recorded, version, held, bad, seen from head h, a;`;
}

/**
 * One commit in one round trip. It writes first and looks afterwards: what does not hold raises, which takes back the
 * inner block, while the balances it has seen stay in its variables.
 *
 * The statement that writes is one. It updates the head row before all else, so that commits of an organization wait for
 * each other there; what it writes then depends on no snapshot: an upsert adds to the newest version of a row, a
 * unique index sees every row. Of what it reads it needs only what was written before the call: the record that the
 * caller has seen. All else is read by other statements, which see what earlier commits wrote.
 *
 * Each row is found by a whole unique key in a subquery per element, in the order of that key, with sorting switched
 * off: the plans are made once, and made while a table was short, or for organizations that are short on average, they
 * would take the organization's part of another key, and read all that it has (62 ms for 26 ids among 18,000 records).
 */
export const COMMIT_FUNCTION: string = `
create function stockfold.commit_v1(
  p_organization uuid, p_version integer, p_at bigint, p_lock_timeout text,
  -- A record that must be there, or the caller's integers may stand for something else. Null when it has none.
  p_seen bigint, p_seen_id uuid,
  p_config json, p_observe uuid[],
  -- Products that must be tracked. Null for none.
  p_assumed uuid[],
  -- Records; events are one JSON text a line.
  r_id uuid[], r_external uuid[], r_events text,
  -- What the caller has no integers for.
  n_variant uuid[], n_product uuid[], n_moved boolean[], n_location uuid[],
  -- Balances; a key below 0 is a position in n_variant or n_location. Null for k_min and k_max: no bound at all; for
  -- k_moved: all have moved.
  k_variant integer[], k_location integer[], k_delta bigint[], k_min bigint[], k_max bigint[], k_moved boolean[],
  -- Postings; a record counts from 0, a balance from 1. Null when there is one record, whose postings are the balances.
  p_record integer[], p_balance integer[], p_delta bigint[], p_running bigint[],
  -- Notes: what they must have been written last at, and what is written: a body as JSON text, null to take the note away,
  -- and by which record. Null for none.
  p_notes json
) returns json language plpgsql as $$
declare
  n constant integer := cardinality(r_id);
  step constant integer := case when p_config is null then 0 else 1 end;
  status integer := ${STATUS.committed};
  org integer; version integer; first_sequence bigint; recorded bigint;
  held bigint[]; variants integer[]; locations integer[]; known json;
  bad boolean; seen boolean; change json; note json; broken text; settings text;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    return json_build_array(${STATUS.isolation}, pg_backend_pid());
  end if;
  -- All of these end with the transaction. Planning for each call's own arrays would double the time of a commit of one
  -- line. A scan of the head's table, which is short and full of dead versions, took 256 callers on one hot variant from
  -- 40 thousand commands a second to 8. Before PostgreSQL 18 a plan that does what is switched off seems to cost ten
  -- thousand million, for which a server with JIT compiles it at each call: 300 ms for a commit with a new variant.
  settings := set_config('synchronous_commit', 'on', true) || set_config('lock_timeout', p_lock_timeout, true)
    || set_config('plan_cache_mode', 'force_generic_plan', true)
    || set_config('enable_seqscan', 'off', true) || set_config('enable_sort', 'off', true)
    || set_config('jit', 'off', true);
  begin
    if p_config is not null or cardinality(n_variant) > 0 or cardinality(n_location) > 0 then
      loop
        select o.organization, o.config_version into org, version
          from stockfold.organization o where o.id = p_organization for update;
        exit when found;
        ${FOUND};
      end loop;
      if version <> p_version then
        raise exception using errcode = 'ST003', message = 'stockfold: the configuration is another';
      end if;
    end if;
    if p_config is not null then
      for change in select c.value from json_array_elements(p_config) c loop
        case change ->> 'kind'
          when 'Location' then
            insert into stockfold.location (organization, location, id, type, name, system)
              values (org, ${last('location')} + 1, (change -> 'location' ->> 'id')::uuid,
                change -> 'location' ->> 'type', change -> 'location' ->> 'name',
                (change -> 'location' ->> 'system')::boolean::integer);
          when 'Tracking' then
            insert into stockfold.product (organization, product, id, tracked)
              values (org, ${last('product')} + 1, (change ->> 'productId')::uuid,
                (change ->> 'tracked')::boolean::integer)
              on conflict (organization, id) do update set tracked = excluded.tracked;
          when 'Policy' then
            update stockfold.organization o set policy = change ->> 'policy' where o.id = p_organization;
        end case;
      end loop;
    end if;
    if cardinality(n_location) > 0 then
      select array_agg(${find('location', 'location', 'id', 'u.id')} order by u.i) into locations from unnest(n_location) with ordinality u(id, i);
      k_location := array(select case when t.l < 0 then locations[-t.l] else t.l end
        from unnest(k_location) with ordinality t(l, i) order by t.i);
    end if;
    if cardinality(n_variant) > 0 then
      select array_agg(v.variant order by u.i), coalesce(bool_or(p.id <> u.product_id), false)
        into variants, bad from unnest(n_variant, n_product) with ordinality u(id, product_id, i)
        left join lateral (select x.variant, x.product ${rowByKey({ table: 'variant', key: 'id', wanted: 'u.id', organization: 'org' })}) v on true
        left join lateral (select x.id ${rowByKey({ table: 'product', key: 'product', wanted: 'v.product', organization: 'org' })}) p on true;
      if bad then
        raise exception using errcode = 'ST003', message = 'stockfold: a variant belongs to another product';
      end if;
      if array_position(variants, null) is not null then
        insert into stockfold.product (organization, product, id, tracked)
          select org, ${last('product')}
            + row_number() over (order by d.id), d.id, 0
          from (
            select distinct u.product as id from unnest(n_product, variants, n_moved) u(product, variant, moved)
            where u.variant is null and u.moved
          ) d
          where ${find('product', 'product', 'id', 'd.id')} is null;
        insert into stockfold.variant (organization, variant, id, product)
          select org, ${last('variant')}
            + row_number() over (order by u.i), u.id,
            ${find('product', 'product', 'id', 'u.product')}
          from unnest(n_variant, n_product, variants, n_moved) with ordinality u(id, product, variant, moved, i)
          where u.variant is null and u.moved;
        select array_agg(${find('variant', 'variant', 'id', 'u.id')} order by u.i)
          into variants from unnest(n_variant) with ordinality u(id, i);
      end if;
      k_variant := array(select case when t.v < 0 then variants[-t.v] else t.v end
        from unnest(k_variant) with ordinality t(v, i) order by t.i);
    end if;
    loop
      if p_record is null then
        ${write(LONE)}
      else
        ${write(GROUP)}
      end if;
      exit when org is not null;
      ${FOUND};
    end loop;
    if version <> p_version then
      raise exception using errcode = 'ST003', message = 'stockfold: the configuration is another';
    end if;
    -- Two questions, since one with a query in it is asked of the executor also where the first half answers it.
    if p_assumed is not null then
      if exists (
        select from unnest(p_assumed) u(id) where ${find('tracked', 'product', 'id', 'u.id')} is distinct from 1
      ) then
        raise exception using errcode = 'ST003', message = 'stockfold: a product is not tracked';
      end if;
    end if;
    if not seen then
      raise exception using errcode = 'ST004', message = 'stockfold: the journal is another';
    end if;
    if array_position(held, null) is not null then
      select array_agg(q.was order by q.i), bad or bool_or(q.was < q.lo or q.was > q.hi) into held, bad
        from (
          select t.i, t.lo, t.hi, case when coalesce(t.moved, true) then t.was else coalesce((
              select b.on_hand from stockfold.balance b
              where b.organization = org and b.variant = t.v and b.location = t.l), 0) end as was
          from unnest(held, k_variant, k_location, k_min, k_max, k_moved) with ordinality t(was, v, l, lo, hi, moved, i)
        ) q;
    end if;
    if bad then
      raise exception using errcode = 'ST001', message = 'stockfold: a guard does not hold';
    end if;
    if p_notes is not null then
      for note in select t.value from json_array_elements(p_notes) t loop
        if (note ->> 'ifSequence')::bigint <> coalesce((
          select x.sequence from stockfold.note x
          where x.organization = org and x.kind = note ->> 'kind' and x.id = note ->> 'id'), 0)
        then
          raise exception using errcode = 'ST001', message = 'stockfold: a note was written by another';
        end if;
        if note ->> 'body' is not null then
          insert into stockfold.note as x (organization, kind, id, body, sequence)
            values (org, note ->> 'kind', note ->> 'id', note ->> 'body', first_sequence + (note ->> 'record')::bigint)
            on conflict (organization, kind, id) do update set body = excluded.body, sequence = excluded.sequence;
        elsif note ->> 'record' is not null then
          delete from stockfold.note x
            where x.organization = org and x.kind = note ->> 'kind' and x.id = note ->> 'id';
        end if;
      end loop;
    end if;
  exception
    when sqlstate 'ST001' then status := ${STATUS.stale};
    when sqlstate 'ST003' then status := ${STATUS.configChanged};
    when sqlstate 'ST004' then status := ${STATUS.putBack};
    when check_violation then status := ${STATUS.overflow};
    when unique_violation then
      get stacked diagnostics broken = constraint_name;
      if broken <> 'record_of_command' then raise; end if;
      status := ${STATUS.known};
  end;
  if status in (${STATUS.known}, ${STATUS.configChanged}) or cardinality(p_observe) > 0 then
    select json_agg(x.j) into known from (
      select ${find('json_build_array(x.sequence, x.command_id, x.recorded_at, x.external_uuid, x.events)', 'record', 'command_id', 'o.id')} as j
      from unnest(case when status in (${STATUS.known}, ${STATUS.configChanged}) then r_id else p_observe end) o(id)
    ) x where x.j is not null;
    -- A known command is answered with its record, whatever else has changed.
    if status = ${STATUS.configChanged} and known is not null then status := ${STATUS.known}; end if;
  end if;
  return json_build_array(status, first_sequence, recorded, held, variants, locations, known, pg_backend_pid());
end $$`;
