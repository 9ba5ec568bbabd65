import { type Ledger, type Location, PAGE_LIMIT_MAX } from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';
import type { LocationBody, ShortBody, VariantBalance } from './answers.ts';
import { findLocation, toVariantBalance } from './find-location.ts';
import type { Moving } from './moving.ts';
import { doneUnreadable, ledgerProblem, type Problem } from './problem.ts';
import { checkTracked } from './read-balances.ts';

/** `GET …/locations` */
export async function listLocations(ledger: Ledger): Promise<Result<readonly LocationBody[], Problem>> {
  const locations = await ledger.locations();
  return locations.map(list => list.map(toLocationBody)).mapErr(fault => ledgerProblem(fault));
}

/**
 * Moves stock and answers with the balances as they were right after: of the variants that the request named, each
 * once, in its order.
 */
export async function moveStock(ledger: Ledger, request: Moving): Promise<Result<ShortBody, Problem>> {
  // Looked up first: a request whose answer could not be given must not move anything.
  const location = await returnLocationOf(ledger, request.returnLocation);
  if (location.isErr()) return err(location.error);
  const receipt = await ledger.execute({ ...request.command, kind: 'RecordMovements', id: ledger.newId() });
  if (receipt.isErr()) return err(ledgerProblem(receipt.error, request.place));
  const products = new Map(request.changes.map(change => [change.variantUuid as string, change.productUuid]));
  if (products.size === 0) return ok({ locationUuid: location.value.id, variants: [] });
  const balances = await ledger.balances({
    locationId: location.value.id,
    variantIds: [...products.keys()],
    asOf: receipt.value.sequence,
    limit: PAGE_LIMIT_MAX,
  });
  if (balances.isErr()) return err(doneUnreadable('the balances'));
  const onHand = new Map(balances.value.items.map(item => [item.variantId as string, item.onHand]));
  const variants = [...products].map(([variantId, productId]) =>
    toVariantBalance(location.value, { productId, variantId, onHand: onHand.get(variantId) ?? 0 }),
  );
  return ok({ locationUuid: location.value.id, variants });
}

/** Starts tracking a product and answers with its balances at the STORE location, those other than 0. */
export async function startTrackingProduct(ledger: Ledger, productUuid: string): Promise<Result<ShortBody, Problem>> {
  const location = await returnLocationOf(ledger, null);
  if (location.isErr()) return err(location.error);
  const tracking = [{ kind: 'StartTracking', productId: productUuid } as const];
  const receipt = await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking });
  if (receipt.isErr()) return err(ledgerProblem(receipt.error, () => 'productUuid'));
  const query = {
    locationId: location.value.id,
    productIds: [productUuid],
    nonZero: true,
    asOf: receipt.value.sequence,
  };
  const variants: VariantBalance[] = [];
  let cursor: string | undefined;
  do {
    const page = await ledger.balances({ ...query, cursor, limit: PAGE_LIMIT_MAX });
    if (page.isErr()) return err(doneUnreadable('the balances'));
    variants.push(...page.value.items.map(item => toVariantBalance(location.value, item)));
    cursor = page.value.next ?? undefined;
  } while (cursor !== undefined);
  return ok({ locationUuid: location.value.id, variants });
}

/** Stops tracking a product that is tracked. */
export async function stopTrackingProduct(ledger: Ledger, productUuid: string): Promise<Result<void, Problem>> {
  const tracked = await checkTracked(ledger, productUuid);
  if (tracked.isOk()) return trackProducts(ledger, [{ productUuid, tracking: 'disable' }]);
  return stoppedBefore(ledger, productUuid, tracked.error);
}

/**
 * Done, when this very request has stopped the product before, under its idempotency key. The ledger knows a command by
 * its id before it looks at what is expected; a new one it refuses, as nothing ever is as is expected here.
 */
async function stoppedBefore(ledger: Ledger, productId: string, notTracked: Problem): Promise<Result<void, Problem>> {
  const never = { productId, variantId: ledger.newId(), locationId: ledger.systemLocations.STORE, onHand: 1 };
  const tracking = [{ kind: 'StopTracking', productId } as const];
  const done = await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking, expect: [never] });
  return done
    .map(() => undefined)
    .mapErr(error => (error.kind === 'BalanceStale' ? notTracked : ledgerProblem(error, () => 'productUuid')));
}

/** Starts and stops tracking products, all or nothing; of several changes for one product the last counts. */
export async function trackProducts(
  ledger: Ledger,
  changes: readonly Readonly<{ productUuid: string; tracking: 'enable' | 'disable' }>[],
): Promise<Result<void, Problem>> {
  const tracking = changes.map(change => ({
    kind: change.tracking === 'enable' ? ('StartTracking' as const) : ('StopTracking' as const),
    productId: change.productUuid,
  }));
  const done = await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), tracking });
  return done.map(() => undefined).mapErr(error => ledgerProblem(error, ([, index]) => `[${index}].productUuid`));
}

/** Opens another location of type STORE, and gives its id: that of the command, so that a retry opens the same. */
export async function openStore(ledger: Ledger, name: string): Promise<Result<string, Problem>> {
  const id = ledger.newId();
  const done = await ledger.execute({ kind: 'OpenLocation', id, location: { id, type: 'STORE', name } });
  return done.map(() => id).mapErr(error => ledgerProblem(error, () => 'name'));
}

function returnLocationOf(ledger: Ledger, asked: string | null): Promise<Result<Location, Problem>> {
  return findLocation(ledger, asked ?? ledger.systemLocations.STORE, 'returnBalanceForLocationUuid');
}

/** A location as the mirrored API writes it. */
export function toLocationBody({ id, type, name, system }: Location): LocationBody {
  const description = system ? 'System generated location' : '';
  return { uuid: id, type, name, description, default: system && type === 'STORE' };
}
