import type { FoundQuery, History, HistoryPage, HistoryQuery, LocationId, VariantId } from '@stockfold/core';
import { toHistoryCursor, toHistoryPlace } from '../history-cursor.ts';
import type { Connection } from './connection.ts';

// What `verify` reads. Lists come as JSON: an object for each row costs three times as much as to parse it. They stand in
// the order in which their rows come; to ask for it once more, inside of the list, would sort them again.

const HISTORIES = `select variant, location, max(sequence) as last, json_group_array(sequence) as sequences,
    json_group_array(after) as on_hand, json_group_array(delta) as deltas
  from (
    select variant, location, sequence, after, delta from stockfold_posting
    where organization = ? and (variant, location, sequence) > (?, ?, ?) and sequence <= ?
    order by variant, location, sequence limit ?
  ) group by variant, location order by variant, location`;

const VARIANT = 'select id from stockfold_variant where organization = ? and variant = ?';
const LOCATION = 'select id from stockfold_location where organization = ? and location = ?';

type Row = { variant: number; location: number; last: number; sequences: string; on_hand: string; deltas: string };

/** A page of the histories of all balances, in the order of their integers. */
export function readHistories({ db, statements }: Connection, query: HistoryQuery): HistoryPage {
  const organization = statements.head.get(query.organizationId)?.organization ?? 0;
  const { upTo, cursor, limit } = query;
  const rows = db.prepare(HISTORIES).all(organization, ...toHistoryPlace(cursor), upTo, limit) as Row[];
  const [variantId, locationId] = [db.prepare(VARIANT), db.prepare(LOCATION)];
  let count = 0;
  const items = rows.map((row): History => {
    const sequences: readonly number[] = JSON.parse(row.sequences);
    count += sequences.length;
    return {
      variantId: variantId.get(organization, row.variant)?.id as VariantId,
      locationId: locationId.get(organization, row.location)?.id as LocationId,
      sequences,
      onHand: JSON.parse(row.on_hand),
      deltas: JSON.parse(row.deltas),
    };
  });
  return { items, next: count < limit ? null : toHistoryCursor(rows.at(-1)) };
}

const FOUND = `select count(*) as found from stockfold_record r
  where r.organization = ?1 and r.sequence > ?2 and r.sequence <= ?3 and (
    select s.sequence from stockfold_record s where s.organization = r.organization and s.command_id = r.command_id
  ) = r.sequence`;

/** How many records are found again by the index of command ids. */
export function countFound({ db, statements }: Connection, { organizationId, after, upTo }: FoundQuery): number {
  const organization = statements.head.get(organizationId)?.organization ?? 0;
  return db.prepare(FOUND).get(organization, after, upTo)?.found as number;
}
