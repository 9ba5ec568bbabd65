import type { Ledger, Location } from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';
import type { VariantBalance } from './answers.ts';
import { ledgerProblem, type Problem, problemAt } from './problem.ts';

// A location that was opened stays as it is, so one that was found once is not asked for again: every PUT would ask the
// store. By the function, which a ledger under an idempotency key has in common with the ledger itself.
const FOUND = new WeakMap<Ledger['locations'], Map<string, Location>>();

/**
 * A location of the ledger's own organization; one of another is as unknown as one that never was.
 *
 * @param place - What the request calls it, for the problem.
 */
export async function findLocation(ledger: Ledger, id: string, place: string): Promise<Result<Location, Problem>> {
  const known = FOUND.get(ledger.locations)?.get(id);
  if (known !== undefined) return ok(known);
  const locations = await ledger.locations();
  if (locations.isErr()) return err(ledgerProblem(locations.error));
  const found = new Map<string, Location>(locations.value.map(location => [location.id, location]));
  FOUND.set(ledger.locations, found);
  const location = found.get(id);
  return location === undefined ? err(locationNotFound(place)) : ok(location);
}

/** No such location, or none of this organization. */
export function locationNotFound(place: string): Problem {
  return problemAt(404, 'ENTITY_NOT_FOUND', 'The location was not found.', [place]);
}

/** A balance as the mirrored API shows it. */
export function toVariantBalance(
  location: Location,
  { productId, variantId, onHand }: Readonly<{ productId: string; variantId: string; onHand: number }>,
): VariantBalance {
  return {
    locationUuid: location.id,
    locationType: location.type,
    productUuid: productId,
    variantUuid: variantId,
    balance: onHand,
  };
}
