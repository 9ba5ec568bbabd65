import type { ViewDialect } from './invariant-views.ts';

/** The length of `location.variant`, the ids of a balance, and of the id of a hold after it. */
const BALANCE = 73;
const HOLD = 37;

/**
 * Invariant 15 as a view, which came after the others: how much is held of a balance until each time, and how much is
 * promised of it, where the two are not the same. What had expired when the promise was written is not in it.
 */
export function holdsView({ named, elements, parsed }: ViewDialect): string {
  const note = named('note');
  const held = parsed('h.body');
  const reserved = parsed('r.body');
  return `create view ${named('holds_agree')} as
select k.organization, substr(k.id, 38, 36) as variant_id, substr(k.id, 1, 36) as location_id, k.expires_at,
  sum(k.held) as held, sum(k.reserved) as reserved
from (
  select h.organization, h.balance as id, ${held} ->> 'expiresAt' as expires_at,
    cast(${held} ->> 'quantity' as bigint) as held, 0 as reserved
  from (
    select n.organization, n.body, substr(n.id, 1, ${BALANCE}) as balance
    from ${note} n where n.kind = 'held' and length(n.id) = ${BALANCE + HOLD}
  ) h
  left join ${note} r on r.organization = h.organization and r.kind = 'reserved' and r.id = h.balance
  where ${held} ->> 'expiresAt' is null
    or cast(${held} ->> 'expiresAt' as bigint) > coalesce(cast(${reserved} ->> 'at' as bigint), 0)
  union all
  select r.organization, r.id, u.value ->> 0, 0, cast(u.value ->> 1 as bigint)
  from ${note} r cross join ${elements(`${reserved} -> 'until'`, 'u')}
  where r.kind = 'reserved' and length(r.id) = ${BALANCE}
) k
group by k.organization, k.id, k.expires_at
having sum(k.held) <> sum(k.reserved)`;
}
