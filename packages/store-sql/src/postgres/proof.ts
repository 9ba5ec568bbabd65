import type { FoundQuery, HistoryPage, HistoryQuery, LocationId, VariantId } from '@stockfold/core';
import { toHistoryCursor, toHistoryPlace } from '../history-cursor.ts';
import type { Session } from './connection.ts';

// What `verify` reads. Lists come as arrays: an object for each row costs several times as much as to parse them.

// A balance is grouped by what its rows are sorted by already; the organization, which is one, is asked for aside.
const HISTORIES = `select h.variant, h.location, h.last, h.sequences, h.on_hand, h.deltas,
    (select v.id from stockfold.variant v where v.organization = o.organization and v.variant = h.variant) as variant_id,
    (select l.id from stockfold.location l where l.organization = o.organization and l.location = h.location) as location_id
  from stockfold.organization o
  cross join lateral (
    select s.variant, s.location, max(s.sequence) as last, array_agg(s.sequence order by s.sequence) as sequences,
      array_agg(s.after order by s.sequence) as on_hand, array_agg(s.delta order by s.sequence) as deltas
    from (
      select s.variant, s.location, s.sequence, s.after, s.delta from stockfold.posting s
      where s.organization = o.organization
        and (s.variant, s.location, s.sequence) > ($2::integer, $3::integer, $4::bigint) and s.sequence <= $5
      order by s.variant, s.location, s.sequence limit $6
    ) s
    group by s.variant, s.location
  ) h
  where o.id = $1 order by h.variant, h.location`;

type Row = {
  variant: number;
  location: number;
  last: number;
  variant_id: VariantId;
  location_id: LocationId;
  sequences: readonly number[];
  on_hand: readonly number[];
  deltas: readonly number[];
};

/** A page of the histories of all balances, in the order of their integers. */
export async function readHistories(session: Session, query: HistoryQuery): Promise<HistoryPage> {
  const { organizationId, upTo, cursor, limit } = query;
  const rows = await session.query<Row>(HISTORIES, [organizationId, ...toHistoryPlace(cursor), upTo, limit]);
  let count = 0;
  const items = rows.map(({ variant_id, location_id, sequences, on_hand, deltas }) => {
    count += sequences.length;
    return { variantId: variant_id, locationId: location_id, sequences, onHand: on_hand, deltas };
  });
  return { items, next: count < limit ? null : toHistoryCursor(rows.at(-1)) };
}

const FOUND = `select count(*) as found
  from stockfold.organization o
  cross join lateral (
    select * from stockfold.record r
    where r.organization = o.organization and r.sequence > $2 and r.sequence <= $3 order by r.sequence offset 0
  ) r
  where o.id = $1 and (
    select s.sequence from stockfold.record s
    where s.organization = r.organization and s.command_id = r.command_id limit 1
  ) = r.sequence`;

/** How many records are found again by the index of command ids. */
export async function countFound(session: Session, { organizationId, after, upTo }: FoundQuery): Promise<number> {
  const [row] = await session.query<{ found: number }>(FOUND, [organizationId, after, upTo]);
  return row?.found ?? 0;
}
