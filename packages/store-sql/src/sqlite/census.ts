import type { Census, LocationId, OrganizationId } from '@stockfold/core';
import { type CensusRow, censusSql, toCensus } from '../census.ts';
import type { Connection } from './connection.ts';

const CENSUS = censusSql(table => `stockfold_${table}`, {
  id: '?1',
  locations: 'l.id in (select value from json_each(?2))',
  integer: text => text,
});

/** Counts the rows of an organization, with or without its head. */
export function takeCensus(
  { db }: Connection,
  organizationId: OrganizationId,
  locationIds: readonly LocationId[],
): Census {
  return toCensus(db.prepare(CENSUS).get(organizationId, JSON.stringify(locationIds)) as CensusRow | undefined);
}
