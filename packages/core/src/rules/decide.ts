import { err, ok, type Result } from 'neverthrow';
import type { BalanceKey } from '../model/balance.ts';
import type { Command, OpenLocation, RecordMovements, SetLowStock, SetPolicy } from '../model/command.ts';
import type { LedgerEvent } from '../model/event.ts';
import type { LocationId, ProductId, VariantId } from '../model/id.ts';
import type { MovementLine } from '../model/movement.ts';
import type { NoteWrite } from '../model/note.ts';
import { locationsOf, type Policy, SCALE_INVALID } from '../model/policy.ts';
import { CLOCK_SKEW_MAX_MS } from '../model/provenance.ts';
import type { Path, Rejection, Shortage, StaleBalance, StaleNote } from '../model/rejection.ts';
import { leastAfter, onlyPromised, promisedMore } from './least.ts';
import { promisedOf, promisesOf } from './promises.ts';
import { balanceIn, isTracked, noteSequenceIn, type Slice } from './slice.ts';
import { movesOf, type TallyEntry } from './tally.ts';

/**
 * Decides one command on the rows it touches. Pure and synchronous: no clock, no randomness, no I/O.
 *
 * @param now - Milliseconds since 1970, by the clock of whoever records; without one nothing occurs too late, and no hold has expired.
 * @returns The events that happened, or the first rejection in the order of {@link Rejection}, naming every offender
 *   of its kind. The rules stand below in that order.
 */
export function decide(command: Command, slice: Slice, now?: number): Result<readonly LedgerEvent[], Rejection> {
  const rejection = occursLater(command, now) ?? rejectionOf(command, movesOf(command), slice, now);
  return rejection === null ? ok(contentOf(command)) : err(rejection);
}

/** Refuses what says that it occurred later than now; null for what does not. */
export function occursLater({ provenance }: Command, now: number = Number.POSITIVE_INFINITY): Rejection | null {
  const { occurredAt } = provenance ?? {};
  if (occurredAt === undefined || occurredAt - now <= CLOCK_SKEW_MAX_MS) return null;
  return { kind: 'OccursLater', retry: 'after-refresh', occurredAt, now, path: ['provenance', 'occurredAt'] };
}

/** The rejection that {@link decide} gives on the rows, null for none, where the lines have been added up before. */
export function rejectionOf(command: Command, moves: readonly TallyEntry[], slice: Slice, at = 0): Rejection | null {
  for (const rule of RULES[command.kind]) {
    const rejection = rule(command as never, slice, moves, at);
    if (rejection !== null) return rejection;
  }
  return null;
}

/** All that {@link rejectionOf} could say, in the same order: no rule relies on one before it. */
export function reasonsOf(
  command: Command,
  moves: readonly TallyEntry[],
  slice: Slice,
  at: number,
): readonly Rejection[] {
  return RULES[command.kind]
    .map(rule => rule(command as never, slice, moves, at))
    .filter(rejection => rejection !== null);
}

type Rule<C> = (command: C, slice: Slice, moves: readonly TallyEntry[], at: number) => Rejection | null;

const RULES: { readonly [K in Command['kind']]: readonly Rule<Extract<Command, { kind: K }>>[] } = {
  OpenLocation: [locationIsNew],
  SetLowStock: [locationsOfRulesAreKnown, ({ rules }, slice) => variantsKeepTheirProduct([['rules', rules]], slice)],
  SetPolicy: [scaleStays, locationsOfPolicyAreKnown],
  RecordMovements: [
    locationsAreKnown,
    (command, slice) =>
      variantsKeepTheirProduct(
        [
          ['lines', command.lines],
          ['expect', command.expect],
          ['notes', promisesOf(command)],
        ],
        slice,
      ),
    productsAreTracked,
    notesAreAsExpected,
    balancesAreAsExpected,
    balancesStaySafe,
    balancesKeepTheirFloor,
  ],
};

/** A command as the events it asks for: all that tells two commands apart, but for the correlation id. */
export function contentOf(command: Command): readonly LedgerEvent[] {
  const { provenance } = command;
  const asked = askedOf(command);
  return provenance === undefined ? asked : [...asked, { kind: 'Attributed', provenance }];
}

function askedOf(command: Command): readonly LedgerEvent[] {
  if (command.kind === 'OpenLocation') return [{ kind: 'LocationOpened', location: command.location }];
  if (command.kind === 'SetLowStock') return [{ kind: 'LowStockSet', rules: command.rules }];
  if (command.kind === 'SetPolicy') return [{ kind: 'PolicySet', policy: command.policy }];
  const events: LedgerEvent[] = command.tracking.map(change => ({
    kind: change.kind === 'StartTracking' ? 'TrackingStarted' : 'TrackingStopped',
    productId: change.productId,
  }));
  if (command.override !== undefined) events.push({ kind: 'FloorsOverridden', reason: command.override.reason });
  if (command.lines.length > 0) events.push({ kind: 'MovementsRecorded', lines: command.lines });
  if (command.notes !== undefined) events.push(...writtenNotes(command.notes));
  if (command.request !== undefined) events.push({ kind: 'Requested', request: command.request });
  return events;
}

/** What a command only expects of a note is no part of what is recorded. */
function writtenNotes(notes: readonly NoteWrite[]): readonly LedgerEvent[] {
  const written = notes.flatMap(({ kind, id, body }) => (body === undefined ? [] : [{ kind, id, body }]));
  return written.length === 0 ? [] : [{ kind: 'NotesWritten', notes: written }];
}

function locationIsNew({ location }: OpenLocation, slice: Slice): Rejection | null {
  const { id: locationId } = location;
  return slice.locations.has(locationId) ? { kind: 'LocationAlreadyOpen', retry: 'never', locationId } : null;
}

type UnknownLocation = Readonly<{ locationId: LocationId; path: Path }>;

// These three loops run for each line of each command: nothing is made in them but for what is wrong.

function locationsAreKnown(command: RecordMovements, slice: Slice): Rejection | null {
  const { lines, expect } = command;
  const known = slice.locations;
  const unknown: UnknownLocation[] = [];
  for (let index = 0; index < lines.length; index++) {
    const { from, to } = lines[index] as MovementLine;
    if (!known.has(from)) unknown.push({ locationId: from, path: ['lines', index, 'from'] });
    if (!known.has(to)) unknown.push({ locationId: to, path: ['lines', index, 'to'] });
  }
  unknown.push(...unknownIn('expect', expect, slice));
  for (const { locationId, index } of promisesOf(command))
    if (!known.has(locationId)) unknown.push({ locationId, path: ['notes', index, 'id'] });
  return locationUnknown(unknown);
}

function locationsOfRulesAreKnown({ rules }: SetLowStock, slice: Slice): Rejection | null {
  return locationUnknown(unknownIn('rules', rules, slice));
}

/** @param items - What names a balance each, by the name of their list in the command. */
function unknownIn(
  list: string,
  items: readonly BalanceKey[],
  { locations: known }: Slice,
): readonly UnknownLocation[] {
  return items.flatMap(({ locationId }, index) =>
    known.has(locationId) ? [] : [{ locationId, path: [list, index, 'locationId'] }],
  );
}

/**
 * Refuses another scale than that of all that was recorded, by command or by what a handle brings along. The first record
 * settles it: every commit bears the version of the configuration, so that of two first records one is decided again.
 */
export function scaleStays({ policy }: Readonly<{ policy: Policy | undefined }>, slice: Slice): Rejection | null {
  if (policy === undefined || slice.configVersion === 0 || policy.scale === slice.policy.scale) return null;
  return { kind: 'CommandInvalid', retry: 'never', violations: [SCALE_INVALID] };
}

function locationsOfPolicyAreKnown({ policy }: SetPolicy, { locations: known }: Slice): Rejection | null {
  const unknown = locationsOf(policy).filter(id => !known.has(id));
  return locationUnknown(unknown.map(id => ({ locationId: id, path: ['policy', 'locations', id] })));
}

/** The rejection that names locations; null for none. */
export function locationUnknown(locations: readonly UnknownLocation[]): Rejection | null {
  return locations.length === 0 ? null : { kind: 'LocationUnknown', retry: 'never', locations };
}

type OfProduct = Readonly<{ variantId: VariantId; productId: ProductId; index?: number }>;

/** @param lists - Items that name a variant and its product, by the name of their list in the command. */
function variantsKeepTheirProduct(
  lists: readonly (readonly [string, readonly OfProduct[]])[],
  { productOf }: Slice,
): Rejection | null {
  let named: Map<VariantId, ProductId> | null = null;
  const variants: (Omit<OfProduct, 'index'> & { path: Path })[] = [];
  for (const [list, items] of lists)
    for (let index = 0; index < items.length; index++) {
      const { variantId, productId, index: place = index } = items[index] as OfProduct;
      const settled = productOf.get(variantId) ?? named?.get(variantId);
      if (settled === undefined) named = (named ?? new Map()).set(variantId, productId);
      else if (settled !== productId) variants.push({ variantId, productId, path: [list, place, 'productId'] });
    }
  return variants.length === 0 ? null : { kind: 'VariantOfOtherProduct', retry: 'never', variants };
}

function productsAreTracked(command: RecordMovements, slice: Slice): Rejection | null {
  const { tracking, lines } = command;
  // A command's tracking changes come before its lines: it can start tracking what it moves.
  const changed = new Map<ProductId, boolean>();
  for (const { productId, kind } of tracking) changed.set(productId, kind === 'StartTracking');
  const products: { productId: ProductId; path: Path }[] = [];
  const isKept = (productId: ProductId) => changed.get(productId) ?? isTracked(slice, productId);
  for (let index = 0; index < lines.length; index++) {
    const { productId } = lines[index] as MovementLine;
    if (!isKept(productId)) products.push({ productId, path: ['lines', index, 'productId'] });
  }
  for (const promised of promisesOf(command))
    if (promisedMore(slice, promised) > 0 && !isKept(promised.productId))
      products.push({ productId: promised.productId, path: ['notes', promised.index, 'body', 'productId'] });
  return products.length === 0 ? null : { kind: 'ProductNotTracked', retry: 'after-refresh', products };
}

// A note that is not known is taken to be as expected, as a balance is.
function notesAreAsExpected({ notes = [] }: RecordMovements, slice: Slice): Rejection | null {
  const stale: StaleNote[] = [];
  for (const [index, { kind, id, ifSequence: expected }] of notes.entries()) {
    if (expected === undefined) continue;
    const actual = noteSequenceIn(slice, { kind, id }, expected);
    if (actual !== expected) stale.push({ kind, id, expected, actual, path: ['notes', index, 'ifSequence'] });
  }
  return stale.length === 0 ? null : { kind: 'NoteStale', retry: 'after-refresh', notes: stale };
}

// A balance that is not known is taken to be as expected: the guard of the commit proves it.
function balancesAreAsExpected({ expect }: RecordMovements, slice: Slice): Rejection | null {
  const balances: StaleBalance[] = [];
  for (const [index, expectation] of expect.entries()) {
    const { variantId, locationId, onHand: expected } = expectation;
    const actual = balanceIn(slice, expectation) ?? expected;
    if (actual !== expected)
      balances.push({ variantId, locationId, expected, actual, path: ['expect', index, 'onHand'] });
  }
  return balances.length === 0 ? null : { kind: 'BalanceStale', retry: 'after-refresh', balances };
}

function balancesStaySafe(command: RecordMovements, slice: Slice, entries: readonly TallyEntry[]): Rejection | null {
  const unsafe = entries.filter(entry => !Number.isSafeInteger((balanceIn(slice, entry.key) ?? 0) + entry.delta));
  if (unsafe.length === 0) return null;
  return {
    kind: 'BalanceOverflow',
    retry: 'after-refresh',
    balances: unsafe.map(entry => entry.key),
    paths: unsafe.flatMap(entry => pathsOf(command, entry.key, ['from', 'to'])),
  };
}

// Only a command that takes stock out, or promises it, can break a floor: one that brings some in may leave a balance below it.
function balancesKeepTheirFloor(
  command: RecordMovements,
  slice: Slice,
  moves: readonly TallyEntry[],
  at: number,
): Rejection | null {
  if (command.override !== undefined) return null;
  const promises = promisesOf(command);
  const shortages: Shortage[] = [];
  const look = (entry: TallyEntry) => {
    const { key, delta } = entry;
    const promised = promisedOf(promises, key);
    const least = leastAfter(slice, entry, promised, at);
    const onHand = least === null ? null : balanceIn(slice, key);
    if (least === null || onHand === null || onHand + delta >= least.onHand) return;
    const { floor, before: reserved, after } = least;
    const paths = [...pathsOf(command, key, ['from']), ...(promised ? [['notes', promised.index, 'body']] : [])];
    shortages.push({ ...key, onHand, reserved, requested: after - reserved - delta, floor, paths });
  };
  moves.forEach(look);
  onlyPromised(moves, promises).forEach(look);
  return shortages.length === 0 ? null : { kind: 'StockInsufficient', retry: 'after-refresh', shortages };
}

function pathsOf(command: RecordMovements, key: BalanceKey, ends: readonly ('from' | 'to')[]): readonly Path[] {
  return command.lines.flatMap((line, index) => {
    const touchesKey = line.variantId === key.variantId && ends.some(end => line[end] === key.locationId);
    return touchesKey ? [['lines', index, 'quantity'] as Path] : [];
  });
}
