/** What the views need to know of a dialect; everything else in them is SQL that all of them read alike. */
export type ViewDialect = Readonly<{
  /** A table or view of the ledger by its name in a statement. */
  named: (name: string) => string;
  /** A FROM item that gives the elements of a JSON array as `value`, with their place as `place`. */
  elements: (array: string, alias: string) => string;
  /** Where {@link elements} has the place of an element. */
  placeOf: (alias: string) => string;
  /** An id or a command id as text. */
  text: (column: string) => string;
  /** A JSON text of a column as it is looked into. */
  parsed: (column: string) => string;
  /** A JSON text as it is compared with another. */
  json: (text: string) => string;
  /** What `->>` makes of true and false, for a column of 1 and 0. */
  flag: (column: string) => string;
}>;

/**
 * The invariants as views. Each of those that are named after an invariant gives its breaches, and so no row in a
 * ledger that is in order; `organization` is the integer of the tables. `event`, `movement` and `fold` show the journal as
 * rows, and the others stand on them.
 *
 * They read everything there is, so they are for a quiet hour or a replica.
 */
export function invariantViews(dialect: ViewDialect): readonly string[] {
  const views = { ...journalViews(dialect), ...balanceViews(dialect), ...recordViews(dialect), ...rowViews(dialect) };
  return Object.entries(views).map(([name, text]) => `create view ${dialect.named(name)} as\n${text.trim()}`);
}

/** The views that must give no row, by the number of their invariant. */
export const INVARIANT_VIEWS: Readonly<Record<string, number>> = {
  conserves: 1,
  matches_journal: 2,
  keeps_floor: 3,
  records_once: 4,
  sequence_is_dense: 5,
  isolates_tenants: 7,
  as_of_agrees: 8,
  config_agrees: 11,
  notes_agree: 12,
  holds_agree: 15,
};

type Views = Readonly<Record<string, string>>;

/** Both sides of each movement: a column of the location, and what it gains. */
function sidesOf({ named }: ViewDialect): string {
  return `(select m.organization, m.sequence, m.variant_id,
      case s.side when 1 then m.to_id else m.from_id end as location_id, s.side * m.quantity as delta
    from ${named('movement')} m cross join (select 1 as side union all select -1) s) m`;
}

function journalViews(dialect: ViewDialect): Views {
  const { named, elements, placeOf } = dialect;
  return {
    event: `
select r.organization, r.sequence, ${placeOf('e')} as place, e.value ->> 'kind' as kind, e.value as body
from ${named('record')} r cross join ${elements('r.events', 'e')}`,
    movement: `
select e.organization, e.sequence, l.value ->> 'productId' as product_id, l.value ->> 'variantId' as variant_id,
  l.value ->> 'from' as from_id, l.value ->> 'to' as to_id, cast(l.value ->> 'quantity' as bigint) as quantity
from ${named('event')} e cross join ${elements("e.body -> 'lines'", 'l')}
where e.kind = 'MovementsRecorded'`,
    // What the postings should be.
    fold: `
select m.organization, m.variant_id, m.location_id, m.sequence, sum(m.delta) as delta,
  sum(sum(m.delta)) over (
    partition by m.organization, m.variant_id, m.location_id order by m.sequence
  ) as after
from ${sidesOf(dialect)}
group by m.organization, m.variant_id, m.location_id, m.sequence`,
  };
}

/** Rows of a table of balances, with the ids that its integers stand for; a row that points nowhere has none. */
function keyed({ named, text }: ViewDialect, table: string, columns: string): string {
  return `select t.organization, ${text('v.id')} as variant_id, ${text('l.id')} as location_id, ${columns}
  from ${named(table)} t
  left join ${named('variant')} v on v.organization = t.organization and v.variant = t.variant
  left join ${named('location')} l on l.organization = t.organization and l.location = t.location`;
}

/** `floorOf` of core: the variant's before the location's before its type's, where any floor is kept. */
const FLOOR = `case
      when cast(p.policy -> 'locations' -> f.location_id as text) = 'null' then null
      when o.type <> 'STORE'
        and coalesce(p.policy -> 'locations' ->> f.location_id, p.policy -> 'floors' ->> o.type) is null then null
      when cast(p.policy -> 'variants' -> f.variant_id as text) = 'null' then null
      else coalesce(p.policy -> 'variants' ->> f.variant_id,
        p.policy -> 'locations' ->> f.location_id, p.policy -> 'floors' ->> o.type)
    end`;

function balanceViews(dialect: ViewDialect): Views {
  const { named, text } = dialect;
  return {
    conserves: `
select b.organization, ${text('v.id')} as variant_id, sum(b.on_hand) as off_by
from ${named('balance')} b left join ${named('variant')} v on v.organization = b.organization and v.variant = b.variant
group by b.organization, b.variant, v.id
having sum(b.on_hand) <> 0`,
    matches_journal: `
select k.organization, k.variant_id, k.location_id, sum(k.folded) as folded, sum(k.stored) as stored
from (
  select m.organization, m.variant_id, m.location_id, m.delta as folded, 0 as stored from ${sidesOf(dialect)}
  union all
  ${keyed(dialect, 'balance', '0 as folded, t.on_hand as stored')}
) k
group by k.organization, k.variant_id, k.location_id
having sum(k.folded) <> sum(k.stored)`,
    as_of_agrees: `
select k.organization, k.variant_id, k.location_id, k.sequence,
  sum(case k.side when 1 then k.after end) as folded, sum(case k.side when -1 then k.after end) as stored
from (
  select f.organization, f.variant_id, f.location_id, f.sequence, 1 as side, f.delta, f.after from ${named('fold')} f
  union all
  ${keyed(dialect, 'posting', 't.sequence, -1 as side, t.delta, t.after')}
) k
group by k.organization, k.variant_id, k.location_id, k.sequence
having sum(k.side) <> 0 or sum(k.side * k.delta) <> 0 or sum(k.side * k.after) <> 0`,
    // Materialized: they are few rows, and to find them means to read every body.
    keeps_floor: `
with opened as materialized (
  select e.organization, e.body -> 'location' ->> 'id' as location_id, e.body -> 'location' ->> 'type' as type
  from ${named('event')} e where e.kind = 'LocationOpened'
), policy as materialized (
  select e.organization, e.sequence, e.body -> 'policy' as policy,
    lead(e.sequence) over (partition by e.organization order by e.sequence, e.place) as until
  from ${named('event')} e where e.kind = 'PolicySet'
), overridden as materialized (
  select e.organization, e.sequence from ${named('event')} e where e.kind = 'FloorsOverridden'
), taken as (
  select f.organization, f.variant_id, f.location_id, f.sequence, f.after as on_hand,
    cast(${FLOOR} as bigint) as floor
  from ${named('fold')} f
  join opened o on o.organization = f.organization and o.location_id = f.location_id
  join policy p on p.organization = f.organization and p.sequence <= f.sequence
    and (p.until is null or f.sequence < p.until)
  where f.delta < 0
)
select t.organization, t.variant_id, t.location_id, t.sequence, t.on_hand, t.floor
from taken t
left join overridden x on x.organization = t.organization and x.sequence = t.sequence
where t.on_hand < t.floor and x.sequence is null`,
  };
}

function recordViews({ named, text }: ViewDialect): Views {
  return {
    records_once: `
select r.organization, ${text('r.command_id')} as command_id, count(*) as records,
  min(r.sequence) as first_sequence, max(r.sequence) as last_sequence
from ${named('record')} r
group by r.organization, r.command_id
having count(*) > 1`,
    sequence_is_dense: `
select r.organization, r.before as after, r.sequence, r.recorded_at
from (
  select r.organization, r.sequence, r.recorded_at,
    coalesce(lag(r.sequence) over (partition by r.organization order by r.sequence), 0) as before,
    lag(r.recorded_at) over (partition by r.organization order by r.sequence) as recorded_before
  from ${named('record')} r
) r
where r.sequence <> r.before + 1 or r.recorded_at < r.recorded_before
union all
select o.organization, coalesce(r.last, 0), o.sequence, o.recorded_at
from ${named('organization')} o
left join (
  select r.organization, max(r.sequence) as last, max(r.recorded_at) as recorded_at
  from ${named('record')} r group by r.organization
) r on r.organization = o.organization
where o.sequence <> coalesce(r.last, 0) or o.recorded_at < r.recorded_at`,
  };
}

/** Each table, and the tables in which its rows name another row by an integer of the same organization. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  location: ['organization'],
  product: ['organization'],
  variant: ['organization', 'product'],
  balance: ['organization', 'variant', 'location'],
  record: ['organization'],
  posting: ['organization', 'variant', 'location'],
  note: ['organization'],
};

function rowViews(dialect: ViewDialect): Views {
  return {
    isolates_tenants: Object.entries(NAMES)
      .flatMap(([table, targets]) => targets.map(target => orphans(dialect, table, target)))
      .join('\nunion all\n'),
    config_agrees: `
select k.organization, k.what, k.id, max(k.folded) as folded, max(k.stored) as stored
from (
  ${[locationRows, trackingRows, variantRows, policyRows].map(rows => rows(dialect)).join('\n  union all\n  ')}
) k
group by k.organization, k.what, k.id
having min(k.folded) is distinct from min(k.stored) or max(k.folded) is distinct from max(k.stored)`,
    notes_agree: `
select k.organization, k.kind, k.id, max(k.folded) as folded, max(k.stored) as stored
from (
  ${noteRows(dialect)}
) k
group by k.organization, k.kind, k.id
having max(k.folded) is distinct from max(k.stored)`,
  };
}

/** Each note as it was written last, with the sequence; a body of null has taken it away. */
function noteRows({ named, elements, json }: ViewDialect): string {
  return `select n.organization, n.kind, n.id, n.sequence || ' ' || n.body as folded, ${NONE} as stored
  from (
    select e.organization, e.sequence, n.value ->> 'kind' as kind, n.value ->> 'id' as id,
      ${json("n.value -> 'body'")} as body, row_number() over (
        partition by e.organization, n.value ->> 'kind', n.value ->> 'id' order by e.sequence desc
      ) as nth
    from ${named('event')} e cross join ${elements("e.body -> 'notes'", 'n')} where e.kind = 'NotesWritten'
  ) n where n.nth = 1 and n.body <> 'null'
  union all
  select t.organization, t.kind, t.id, ${NONE}, t.sequence || ' ' || ${json('t.body')} from ${named('note')} t`;
}

/** Rows that name something which their organization does not have. */
function orphans({ named }: ViewDialect, table: string, target: string): string {
  const isSame = target === 'organization' ? '' : ` and o.${target} = t.${target}`;
  return `select t.organization, '${table}' as relation, '${target}' as lacks, count(*) as orphans
from ${named(table)} t
where not exists (select 1 from ${named(target)} o where o.organization = t.organization${isSame})
group by t.organization`;
}

const NONE = 'cast(null as text)';

function locationRows({ named, text, flag }: ViewDialect): string {
  const parts = (type: string, name: string, system: string) => `${type} || ' ' || ${name} || ' ' || ${system}`;
  const opened = (field: string) => `e.body -> 'location' ->> '${field}'`;
  return `select e.organization, 'location' as what, ${opened('id')} as id,
    ${parts(`(${opened('type')})`, `(${opened('name')})`, `(${opened('system')})`)} as folded, ${NONE} as stored
  from ${named('event')} e where e.kind = 'LocationOpened'
  union all
  select l.organization, 'location', ${text('l.id')}, ${NONE}, ${parts('l.type', 'l.name', flag('l.system'))}
  from ${named('location')} l`;
}

/** Only what is tracked: a product whose tracking has stopped is as one that was never tracked. */
function trackingRows({ named, text }: ViewDialect): string {
  return `select e.organization, 'tracking', e.id, 'tracked', ${NONE}
  from (
    select e.organization, e.body ->> 'productId' as id, e.kind, row_number() over (
      partition by e.organization, e.body ->> 'productId' order by e.sequence desc, e.place desc
    ) as nth
    from ${named('event')} e where e.kind in ('TrackingStarted', 'TrackingStopped')
  ) e where e.nth = 1 and e.kind = 'TrackingStarted'
  union all
  select p.organization, 'tracking', ${text('p.id')}, ${NONE}, 'tracked' from ${named('product')} p where p.tracked = 1`;
}

function variantRows({ named, text }: ViewDialect): string {
  return `select m.organization, 'product of variant', m.variant_id, m.product_id, ${NONE}
  from ${named('movement')} m group by m.organization, m.variant_id, m.product_id
  union all
  select v.organization, 'product of variant', ${text('v.id')}, ${NONE}, ${text('p.id')}
  from ${named('variant')} v
  left join ${named('product')} p on p.organization = v.organization and p.product = v.product`;
}

function policyRows({ named, json }: ViewDialect): string {
  return `select o.organization, 'policy', 'policy',
    coalesce(${json("p.body -> 'policy'")}, ${json(`'{"floors":{}}'`)}), ${json('o.policy')}
  from ${named('organization')} o
  left join (
    select e.organization, e.body, row_number() over (
      partition by e.organization order by e.sequence desc, e.place desc
    ) as nth
    from ${named('event')} e where e.kind = 'PolicySet'
  ) p on p.organization = o.organization and p.nth = 1`;
}
