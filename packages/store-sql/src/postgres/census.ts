import type { Census, LocationId, OrganizationId } from '@stockfold/core';
import { type CensusRow, censusSql, toCensus } from '../census.ts';
import type { Session } from './connection.ts';
import { arrayOf } from './row-types.ts';

const CENSUS = censusSql(table => `stockfold.${table}`, {
  id: '$1::uuid',
  locations: 'l.id = any($2::uuid[])',
  integer: text => text,
});

/** Counts the rows of an organization, with or without its head: one statement, and so of one moment. */
export async function takeCensus(
  session: Session,
  organizationId: OrganizationId,
  locationIds: readonly LocationId[],
): Promise<Census> {
  const [row] = await session.query<CensusRow>(CENSUS, [organizationId, arrayOf(locationIds)]);
  return toCensus(row);
}
