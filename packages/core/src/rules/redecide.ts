import type { LedgerEvent } from '../model/event.ts';
import { parseUuid } from '../model/id.ts';
import type { JournalRecord } from '../model/journal.ts';
import { SYSTEM_LOCATION_TYPES, type SystemLocations } from '../model/location.ts';
import type { Policy } from '../model/policy.ts';
import type { Rejection } from '../model/rejection.ts';
import { canonicalJson } from './canonical-json.ts';
import { contentOf, rejectionOf, scaleStays } from './decide.ts';
import { advance, type WorkingSlice } from './evolve.ts';
import { found } from './found.ts';
import { parseCommand } from './parse-command.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Decided } from './plan.ts';
import { partsOf, type RecordParts } from './record-parts.ts';
import type { Slice } from './slice.ts';
import { movesOf, type TallyEntry } from './tally.ts';

/** A record that is to be decided once more: its parts, with a command that can be relied on. */
export type Recalled = Readonly<{
  record: JournalRecord;
  founding: RecordParts['founding'];
  decided: Decided & Readonly<{ moves: readonly TallyEntry[] }>;
}>;

/**
 * Reads a record as the command that made it.
 *
 * @returns Null for a record that no command can have made: what is decided of it is not what it says.
 */
export function recall(record: JournalRecord): Recalled | null {
  const { founding, input } = partsOf(record);
  const command = parseCommand(input, NO_LOCATIONS).unwrapOr(null);
  if (command === null) return null;
  const events = [...founding, ...contentOf(command)];
  const externalUuid = command.kind === 'RecordMovements' ? command.externalUuid : null;
  const made: JournalRecord = { commandId: command.id, externalUuid, events };
  if (canonicalJson(made) !== canonicalJson(record)) return null;
  return { record, founding, decided: { command, moves: movesOf(command), events } };
}

/**
 * Decides a record once more, on the rows that it touches as they were before it, and moves them on in place.
 *
 * @param at - When it was recorded, in milliseconds since 1970: by then holds had expired or not.
 * @returns Null when it is accepted; the rejection with which the rules refuse it, or `unfounded` where it brings to the
 *   organization what no handle would.
 */
export function redecide(
  { founding, decided }: Recalled,
  rows: WorkingSlice,
  at?: number,
): Rejection | 'unfounded' | null {
  if (!isFounding(founding, rows)) return 'unfounded';
  const wrongScale = scaleStays({ policy: policyOf(founding) ?? undefined }, rows);
  if (wrongScale !== null) return wrongScale;
  advance(rows, founding);
  const { command, moves } = decided;
  const rejection = rejectionOf(command, moves, rows, at);
  // What follows is no longer the first.
  if (founding.length > 0) rows.configVersion += 1;
  if (rejection === null) advance(rows, contentOf(command));
  return rejection;
}

// A record names every location by its id: none of these names may stand for one.
const NO_LOCATIONS = { STORE: '', SUPPLIER: '', SOLD: '', BIN: '' } as unknown as SystemLocations;

/** Whether the events before the command are those that a handle brings to an organization as it is. */
function isFounding(events: readonly LedgerEvent[], slice: Slice): boolean {
  const policy = policyOf(events);
  const system = slice.configVersion === 0 ? systemOf(events) : NO_LOCATIONS;
  if (system === null || policy === null) return false;
  return canonicalJson(found({ system, policy, isDone: false }, slice)) === canonicalJson(events);
}

/** Undefined for no policy, null for what is none. */
function policyOf(events: readonly LedgerEvent[]): Policy | undefined | null {
  const given = events.findLast(event => event.kind === 'PolicySet');
  return given && parsePolicy(given.policy, NO_LOCATIONS).unwrapOr(null);
}

/** The four system locations that are opened; null where they are not. */
function systemOf(events: readonly LedgerEvent[]): SystemLocations | null {
  const ids = SYSTEM_LOCATION_TYPES.map((type, index) => {
    const event = events[index];
    return event?.kind === 'LocationOpened' && event.location.type === type
      ? parseUuid(event.location.id).unwrapOr(null)
      : null;
  });
  if (ids.includes(null) || new Set(ids).size < ids.length) return null;
  const [STORE, SUPPLIER, SOLD, BIN] = ids;
  return { STORE, SUPPLIER, SOLD, BIN } as SystemLocations;
}
