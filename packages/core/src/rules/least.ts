import type { BalanceKey } from '../model/balance.ts';
import { floorOf } from '../model/policy.ts';
import { type Reserved, readReserved, reservedAt, reservedNote } from '../model/reserved.ts';
import { type Promised, promisedOf } from './promises.ts';
import type { Slice } from './slice.ts';
import type { TallyEntry } from './tally.ts';

/** The balances of which something is promised and nothing moved. */
export function onlyPromised(moves: readonly TallyEntry[], promises: readonly Promised[]): readonly TallyEntry[] {
  if (promises.length === 0) return [];
  return promises
    .filter(promised => !moves.some(({ key }) => promisedOf([promised], key) !== undefined))
    .map(({ variantId, locationId, productId }) => ({ key: { variantId, locationId }, productId, delta: 0 }));
}

/** What is promised of a balance, before a command and after it, and the least that may be on hand then. In smallest units. */
export type Least = Readonly<{ onHand: number; floor: number; before: number; after: number }>;

/** What tells how little a balance may be. */
export type Limits = Pick<Slice, 'policy' | 'locations' | 'notes'> &
  Readonly<{
    /** What earlier commands of the same commit promise, by the id of the note: it counts before `notes`. */
    earlier?: ReadonlyMap<string, Reserved>;
  }>;

/**
 * The least that a command may leave on hand; null where there is no limit.
 *
 * One that takes more from what is available (on hand, less what is promised) than it gives back must leave enough for
 * every other promise. So a sale does not eat what is held, and a hold never counts against itself: posting it takes
 * from what is on hand and from what is promised alike, and keeps the bare floor.
 *
 * @param at - Milliseconds since 1970. A command that says what is promised is judged by the time it says that for.
 */
export function leastAfter(
  limits: Limits,
  { key, delta }: Pick<TallyEntry, 'key' | 'delta'>,
  promised: Promised | undefined,
  at: number,
): Least | null {
  if (delta >= 0 && promised === undefined) return null;
  const floor = flooredAt(limits, key);
  if (floor === null) return null;
  const [before, after] = limits.policy.holds === true ? promisesAround(limits, key, promised, at) : [0, 0];
  if (delta - (after - before) < 0) return { onHand: floor + after, floor, before, after };
  return delta < 0 ? { onHand: floor, floor, before: after, after } : null;
}

/** Whether a decision about a balance looks at what is promised of it. */
export function looksAtPromises(
  limits: Limits,
  { key, delta }: Pick<TallyEntry, 'key' | 'delta'>,
  promised: Promised | undefined,
): boolean {
  return limits.policy.holds === true && (delta < 0 || promised !== undefined) && flooredAt(limits, key) !== null;
}

/** How much more a command promises of a balance than was promised before; below 0 for less. In smallest units. */
export function promisedMore(limits: Limits, promised: Promised): number {
  const [before, after] = promisesAround(limits, promised, promised, 0);
  return after - before;
}

function promisesAround(
  { notes, earlier }: Limits,
  key: BalanceKey,
  promised: Promised | undefined,
  at: number,
): readonly [before: number, after: number] {
  const { kind, id } = reservedNote(key);
  const stored = earlier?.get(id) ?? readReserved(notes?.get(kind)?.get(id)?.body);
  if (promised === undefined) {
    const now = reservedAt(stored, at);
    return [now, now];
  }
  const then = promised.reserved.at;
  return [reservedAt(stored, then), reservedAt(promised.reserved, then)];
}

/** The floor of a balance; null where there is none. */
function flooredAt({ policy, locations }: Limits, key: BalanceKey): number | null {
  const location = locations.get(key.locationId);
  const floor = location === undefined ? Number.NEGATIVE_INFINITY : floorOf(policy, key, location.type);
  return floor === Number.NEGATIVE_INFINITY ? null : floor;
}
