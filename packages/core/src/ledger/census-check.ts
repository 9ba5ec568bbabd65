import { ok, type ResultAsync, safeTry } from 'neverthrow';
import type { OrganizationId } from '../model/id.ts';
import type { SystemLocations } from '../model/location.ts';
import { type Breaches, countsAgree } from '../rules/audit.ts';
import type { StoreFault } from './fault.ts';
import type { JournalReader } from './journal-reader.ts';
import type { LedgerStore } from './store.ts';

/**
 * Compares how many rows there are with how many the journal comes to: 13, `countsAgree`. So rows are found that nobody
 * can ask for, and those of an organization whose head row is gone.
 */
export function checkCensus(
  store: LedgerStore,
  organizationId: OrganizationId,
  system: SystemLocations,
  journal: JournalReader,
): ResultAsync<Breaches, StoreFault> {
  return safeTry(async function* () {
    if (store.upkeep === undefined) return ok([]);
    const { asOf, rows } = yield* await store.upkeep.census(organizationId, Object.values(system));
    // Of a head that is gone nothing is to be read.
    if (asOf !== null) yield* await journal.readTo(asOf);
    return ok(countsAgree(journal.counts(), rows, asOf !== null));
  });
}
