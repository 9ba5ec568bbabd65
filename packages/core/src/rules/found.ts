import type { Command } from '../model/command.ts';
import type { LedgerEvent } from '../model/event.ts';
import type { JournalRecord } from '../model/journal.ts';
import { SYSTEM_LOCATION_TYPES, type SystemLocations, systemLocationList } from '../model/location.ts';
import { type Policy, samePolicy } from '../model/policy.ts';
import type { Rejection } from '../model/rejection.ts';
import { locationUnknown } from './decide.ts';
import { type Slice, touches } from './slice.ts';

/** What a ledger handle brings to its organization. */
export type Founding = Readonly<{
  system: SystemLocations;
  /** Undefined when the handle was given none. */
  policy: Policy | undefined;
  /** A command of this handle has been recorded: from then on the policy that is stored counts. */
  isDone: boolean;
}>;

/**
 * The events that come before a handle's first command: the four system locations of an empty organization, and the
 * handle's policy where another one is stored. They go into that command's record, so nobody has to create an
 * organization, and the configuration version lets only one of two founders through.
 */
export function found({ system, policy, isDone }: Founding, slice: Slice): readonly LedgerEvent[] {
  // By the slice and not by `isDone`: two first commands under way together both see an empty organization, and the
  // one that is turned away must not be judged without locations.
  const isEmpty = slice.configVersion === 0;
  const events: LedgerEvent[] = isEmpty
    ? systemLocationList(system).map(location => ({ kind: 'LocationOpened', location }))
    : [];
  if (policy !== undefined && (isEmpty || !isDone) && !samePolicy(policy, slice.policy))
    events.push({ kind: 'PolicySet', policy });
  return events;
}

/**
 * A handle that was given other system locations than the organization has must not take one for another: those it
 * names and that are stored as something else are unknown to it.
 */
export function misplaced(command: Command, system: SystemLocations, slice: Slice): Rejection | null {
  const wrong = SYSTEM_LOCATION_TYPES.filter(type => (slice.locations.get(system[type])?.type ?? type) !== type);
  if (wrong.length === 0) return null;
  const touched = touches(command).locations;
  const named = wrong.map(type => system[type]).filter(id => touched.includes(id));
  return locationUnknown(named.map(locationId => ({ locationId, path: [] })));
}

/** The events of a record that are of its command, and not of {@link found}. */
export function ownEvents({ events }: JournalRecord): readonly LedgerEvent[] {
  const own = events.filter(event => !isFounding(event));
  if (own.some(event => event.kind !== 'Attributed')) return own;
  // Any other command has an event of another kind, so this one sets a policy: the last of them is its own.
  return [...events.filter(isFounding).slice(-1), ...own];
}

function isFounding(event: LedgerEvent): boolean {
  return event.kind === 'PolicySet' || (event.kind === 'LocationOpened' && event.location.system);
}
