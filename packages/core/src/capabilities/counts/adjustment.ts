import { errAsync, okAsync, type ResultAsync } from 'neverthrow';
import type { Ledger, LedgerError } from '../../ledger/ledger.ts';
import type { LocationId, OrganizationId } from '../../model/id.ts';

/** The location against which counts are settled, derived from the organization as its system locations are. */
export function adjustmentOf(organizationId: OrganizationId): LocationId {
  return `${organizationId.slice(0, 14)}85${organizationId.slice(16)}` as LocationId;
}

/** Opens the location of adjustments unless it is open. The id of the command is derived too, so it is recorded once. */
export function openAdjustment(ledger: Ledger): ResultAsync<void, LedgerError> {
  const { organizationId } = ledger;
  const id = `${organizationId.slice(0, 14)}86${organizationId.slice(16)}`;
  const location = { id: adjustmentOf(organizationId), type: 'ADJUSTMENT', name: 'ADJUSTMENT' } as const;
  const open = () =>
    ledger
      .execute({ kind: 'OpenLocation', id, location })
      .map(() => undefined)
      .orElse(error => (error.kind === 'LocationAlreadyOpen' ? okAsync(undefined) : errAsync(error)));
  return ledger
    .locations()
    .andThen<void, LedgerError>(places => (places.some(place => place.id === location.id) ? okAsync() : open()));
}
