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
      return locationsAreKnown(command, slice) ?? variantsKeepTheirProduct([['rules', command.rules]], slice);
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
  const named = [
    ['lines', command.lines],
    ['expect', command.expect],
  ] as const;
  const entries = tally(command.lines);
  return (
    locationsAreKnown(command, slice) ??
    variantsKeepTheirProduct(named, slice) ??
    productsAreTracked(command, slice) ??
    balancesAreAsExpected(command, slice) ??
    balancesStaySafe(command, entries, slice) ??
    balancesKeepTheirFloor(command, entries, slice)
  );
}

function locationIsNew(locationId: BalanceKey['locationId'], slice: Slice): Rejection | null {
  return slice.locations.has(locationId) ? { kind: 'LocationAlreadyOpen', retry: 'never', locationId } : null;
}

/** Some items of a command, by the name of their list. What no rule stops at is never copied: a line has six rules. */
type Lists<T> = readonly (readonly [string, readonly T[]])[];

function locationsAreKnown(command: RecordMovements | SetLowStock, slice: Slice): Rejection | null {
  const locations: { locationId: LocationId; path: Path }[] = [];
  const look = (locationId: LocationId, ...path: Path) => {
    if (!slice.locations.has(locationId)) locations.push({ locationId, path });
  };
  if (command.kind === 'SetLowStock')
    command.rules.forEach((rule, index) => {
      look(rule.locationId, 'rules', index, 'locationId');
    });
  else {
    command.lines.forEach((line, index) => {
      look(line.from, 'lines', index, 'from');
      look(line.to, 'lines', index, 'to');
    });
    command.expect.forEach((expectation, index) => {
      look(expectation.locationId, 'expect', index, 'locationId');
    });
  }
  return locations.length === 0 ? null : { kind: 'LocationUnknown', retry: 'never', locations };
}

function variantsKeepTheirProduct(
  lists: Lists<Readonly<{ variantId: VariantId; productId: ProductId }>>,
  slice: Slice,
): Rejection | null {
  const seen = new Map<VariantId, ProductId>();
  const variants: { variantId: VariantId; productId: ProductId; path: Path }[] = [];
  for (const [list, items] of lists)
    items.forEach(({ variantId, productId }, index) => {
      const settled = slice.productOf.get(variantId) ?? seen.get(variantId);
      if (settled === undefined) seen.set(variantId, productId);
      else if (settled !== productId) variants.push({ variantId, productId, path: [list, index, 'productId'] });
    });
  return variants.length === 0 ? null : { kind: 'VariantOfOtherProduct', retry: 'never', variants };
}

function productsAreTracked(command: RecordMovements, slice: Slice): Rejection | null {
  // A command's tracking changes come before its lines: it can start tracking what it moves.
  const changed = new Map(command.tracking.map(change => [change.productId, change.kind === 'StartTracking']));
  const products: { productId: ProductId; path: Path }[] = [];
  command.lines.forEach(({ productId }, index) => {
    if (!(changed.get(productId) ?? slice.tracked.has(productId)))
      products.push({ productId, path: ['lines', index, 'productId'] });
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
