import { err, ok, type Result } from 'neverthrow';
import type { BalanceKey } from '../model/balance.ts';
import type { Command, RecordMovements, SetLowStock } from '../model/command.ts';
import type { LedgerEvent } from '../model/event.ts';
import type { LocationId, ProductId, VariantId } from '../model/id.ts';
import { floorOf } from '../model/policy.ts';
import type { Path, Rejection, Shortage, StaleBalance } from '../model/rejection.ts';
import { balanceIn, type Slice } from './slice.ts';
import { type TallyEntry, tally } from './tally.ts';

/**
 * Decides one command on the rows it touches. Pure and synchronous: no clock, no randomness, no I/O.
 *
 * @returns The events that happened, or the first rejection in the order of {@link Rejection}, naming every offender
 *   of its kind. The rules stand below in that order.
 */
export function decide(command: Command, slice: Slice): Result<readonly LedgerEvent[], Rejection> {
  const rejection = rejectionOf(command, slice);
  return rejection === null ? ok(contentOf(command)) : err(rejection);
}

function rejectionOf(command: Command, slice: Slice): Rejection | null {
  switch (command.kind) {
    case 'OpenLocation':
      return locationIsNew(command.location.id, slice);
    case 'SetLowStock':
      return (
        locationsAreKnown(placesOfRules(command), slice) ??
        variantsKeepTheirProduct(namedIn('rules', command.rules), slice)
      );
    case 'RecordMovements':
      return rulesOf(command, slice);
  }
}

/** A command as the events it asks for: all that tells two commands apart, but for the correlation id. */
export function contentOf(command: Command): readonly LedgerEvent[] {
  if (command.kind === 'OpenLocation') return [{ kind: 'LocationOpened', location: command.location }];
  if (command.kind === 'SetLowStock') return [{ kind: 'LowStockSet', rules: command.rules }];
  const events: LedgerEvent[] = command.tracking.map(change => ({
    kind: change.kind === 'StartTracking' ? 'TrackingStarted' : 'TrackingStopped',
    productId: change.productId,
  }));
  if (command.lines.length > 0) events.push({ kind: 'MovementsRecorded', lines: command.lines });
  return events;
}

function rulesOf(command: RecordMovements, slice: Slice): Rejection | null {
  const references =
    locationsAreKnown([...placesOfLines(command), ...placesOfExpected(command)], slice) ??
    variantsKeepTheirProduct([...namedIn('lines', command.lines), ...namedIn('expect', command.expect)], slice);
  if (references !== null) return references;
  const entries = tally(command.lines);
  return (
    productsAreTracked(command, slice) ??
    balancesAreAsExpected(command, slice) ??
    balancesStaySafe(command, entries, slice) ??
    balancesKeepTheirFloor(command, entries, slice)
  );
}

function locationIsNew(locationId: BalanceKey['locationId'], slice: Slice): Rejection | null {
  return slice.locations.has(locationId) ? { kind: 'LocationAlreadyOpen', retry: 'never', locationId } : null;
}

/** A location that a command names, and where. */
type Place = Readonly<{ locationId: LocationId; path: Path }>;

function placesOfLines({ lines }: RecordMovements): readonly Place[] {
  return lines.flatMap((line, index) =>
    (['from', 'to'] as const).map(end => ({ locationId: line[end], path: ['lines', index, end] })),
  );
}

function placesOfExpected({ expect }: RecordMovements): readonly Place[] {
  return expect.map(({ locationId }, index) => ({ locationId, path: ['expect', index, 'locationId'] }));
}

function placesOfRules({ rules }: SetLowStock): readonly Place[] {
  return rules.map(({ locationId }, index) => ({ locationId, path: ['rules', index, 'locationId'] }));
}

function locationsAreKnown(places: readonly Place[], slice: Slice): Rejection | null {
  const locations = places.filter(({ locationId }) => !slice.locations.has(locationId));
  return locations.length === 0 ? null : { kind: 'LocationUnknown', retry: 'never', locations };
}

/** A variant under the product that a command names with it, and where. */
type Named = Readonly<{ variantId: VariantId; productId: ProductId; path: Path }>;

function namedIn(list: string, items: readonly Readonly<Omit<Named, 'path'>>[]): readonly Named[] {
  return items.map(({ variantId, productId }, index) => ({ variantId, productId, path: [list, index, 'productId'] }));
}

function variantsKeepTheirProduct(named: readonly Named[], slice: Slice): Rejection | null {
  const seen = new Map<VariantId, ProductId>();
  const variants = named.flatMap(({ variantId, productId, path }) => {
    const settled = slice.productOf.get(variantId) ?? seen.get(variantId) ?? productId;
    seen.set(variantId, settled);
    return settled === productId ? [] : [{ variantId, productId, path }];
  });
  return variants.length === 0 ? null : { kind: 'VariantOfOtherProduct', retry: 'never', variants };
}

function productsAreTracked(command: RecordMovements, slice: Slice): Rejection | null {
  // A command's tracking changes come before its lines: it can start tracking what it moves.
  const changed = new Map(command.tracking.map(change => [change.productId, change.kind === 'StartTracking']));
  const products = command.lines.flatMap((line, index) => {
    if (changed.get(line.productId) ?? slice.tracked.has(line.productId)) return [];
    return [{ productId: line.productId, path: ['lines', index, 'productId'] as Path }];
  });
  return products.length === 0 ? null : { kind: 'ProductNotTracked', retry: 'after-refresh', products };
}

// A balance that is not known is taken to be as expected: the guard of the commit proves it.
function balancesAreAsExpected(command: RecordMovements, slice: Slice): Rejection | null {
  const balances = command.expect.flatMap((expectation, index): readonly StaleBalance[] => {
    const { variantId, locationId, onHand: expected } = expectation;
    const actual = balanceIn(slice, expectation) ?? expected;
    if (actual === expected) return [];
    return [{ variantId, locationId, expected, actual, path: ['expect', index, 'onHand'] }];
  });
  return balances.length === 0 ? null : { kind: 'BalanceStale', retry: 'after-refresh', balances };
}

function balancesStaySafe(command: RecordMovements, entries: readonly TallyEntry[], slice: Slice): Rejection | null {
  const unsafe = entries.filter(entry => !Number.isSafeInteger((balanceIn(slice, entry.key) ?? 0) + entry.delta));
  if (unsafe.length === 0) return null;
  return {
    kind: 'BalanceOverflow',
    retry: 'after-refresh',
    balances: unsafe.map(entry => entry.key),
    paths: unsafe.flatMap(entry => pathsOf(command, entry.key, ['from', 'to'])),
  };
}

// Only a command that takes stock out can break a floor: one that brings some in may leave a balance below it.
function balancesKeepTheirFloor(
  command: RecordMovements,
  entries: readonly TallyEntry[],
  slice: Slice,
): Rejection | null {
  const shortages: Shortage[] = [];
  for (const { key, delta } of entries) {
    const location = slice.locations.get(key.locationId);
    if (location === undefined || delta >= 0) continue;
    const floor = floorOf(slice.policy, location.type);
    const onHand = balanceIn(slice, key);
    if (onHand === null || onHand + delta >= floor) continue;
    shortages.push({ ...key, onHand, requested: -delta, floor, paths: pathsOf(command, key, ['from']) });
  }
  return shortages.length === 0 ? null : { kind: 'StockInsufficient', retry: 'after-refresh', shortages };
}

function pathsOf(command: RecordMovements, key: BalanceKey, ends: readonly ('from' | 'to')[]): readonly Path[] {
  return command.lines.flatMap((line, index) => {
    const touchesKey = line.variantId === key.variantId && ends.some(end => line[end] === key.locationId);
    return touchesKey ? [['lines', index, 'quantity'] as Path] : [];
  });
}
