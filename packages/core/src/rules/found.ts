import type { LedgerEvent } from '../model/event.ts';
import { type SystemLocations, systemLocationList } from '../model/location.ts';
import { type Policy, samePolicy } from '../model/policy.ts';
import type { Slice } from './slice.ts';

/** What a ledger handle brings to its organization: its system locations and, if any was given, its policy. */
export type Founding = Readonly<{ system: SystemLocations; policy: Policy | undefined }>;

/**
 * The events that come before a handle's first command: the four system locations of an empty organization, and the
 * handle's policy where another one is stored. They go into that command's record, so nobody has to create an
 * organization, and the configuration version lets only one of two founders through.
 */
export function found(founding: Founding, slice: Slice): readonly LedgerEvent[] {
  const events: LedgerEvent[] = [];
  if (slice.configVersion === 0)
    for (const location of systemLocationList(founding.system)) events.push({ kind: 'LocationOpened', location });
  if (founding.policy !== undefined && !samePolicy(founding.policy, slice.policy))
    events.push({ kind: 'PolicySet', policy: founding.policy });
  return events;
}

/** Whether an event is of {@link found}, not of the command in whose record it stands. */
export function isFounding(event: LedgerEvent): boolean {
  return event.kind === 'PolicySet' || (event.kind === 'LocationOpened' && event.location.system);
}
