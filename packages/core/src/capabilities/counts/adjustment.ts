import { errAsync, okAsync, type ResultAsync } from 'neverthrow';
import type { Ledger, LedgerError } from '../../ledger/ledger.ts';
import type { BalanceKey } from '../../model/balance.ts';
import { LINES_MAX } from '../../model/command.ts';
import type { LocationId, OrganizationId, ProductId, Uuid } from '../../model/id.ts';
import { type MovementLineInput, transfer } from '../../model/movement.ts';
import { QUANTITY_MAX } from '../../model/quantity.ts';

/** The location against which counts are settled, derived from the organization as its system locations are. */
export function adjustmentOf(organizationId: OrganizationId): LocationId {
  return `${organizationId.slice(0, 14)}85${organizationId.slice(16)}` as LocationId;
}

/** Whether somebody can look at what is there: of the system locations at the STORE alone, and nowhere at what was settled. */
export function canBeCounted({ organizationId, systemLocations }: Ledger, locationId: Uuid): boolean {
  const { STORE: _, ...sinks } = systemLocations;
  return locationId !== adjustmentOf(organizationId) && !Object.values(sinks).includes(locationId as LocationId);
}

/**
 * Moves a balance against the adjustments.
 *
 * @param delta - Smallest units, below zero for what is taken away; as many lines as they need, and none for 0.
 */
export function adjusting(
  { organizationId }: Ledger,
  { locationId, ...variant }: BalanceKey & Readonly<{ productId: ProductId }>,
  delta: number,
): readonly MovementLineInput[] {
  const adjustment = adjustmentOf(organizationId);
  const [from, to] = delta > 0 ? [adjustment, locationId] : [locationId, adjustment];
  // One more than a command carries is refused by it.
  const length = Math.min(Math.ceil(Math.abs(delta) / QUANTITY_MAX), LINES_MAX + 1);
  return Array.from({ length }, (_, index) =>
    transfer(from, to, variant, Math.min(Math.abs(delta) - index * QUANTITY_MAX, QUANTITY_MAX)),
  );
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
