import type { Command, TrackingChange } from '../model/command.ts';
import type { LedgerEvent } from '../model/event.ts';
import type { JournalRecord } from '../model/journal.ts';
import type { JsonValue } from '../model/json.ts';
import type { Provenance } from '../model/provenance.ts';
import type { Path } from '../model/rejection.ts';
import { contentOf } from './decide.ts';
import { ownEvents } from './found.ts';

/**
 * Where a command differs from the record that bears its id. The record holds all of the first command, so the
 * comparison is exact and needs no fingerprint. Of a command that was made of a request only that is compared, and where it
 * came from: what was made of it follows from the stock of the moment.
 *
 * @returns Paths into the command; none when it is the same command again.
 */
export function differences(command: Command, record: JournalRecord): readonly Path[] {
  const again = inWordsOfCommands(contentOf(command));
  const before = inWordsOfCommands(ownEvents(record));
  if (again.kind !== before.kind) return [['kind']];
  const provenance = diff(again.provenance ?? {}, before.provenance ?? {}, ['provenance']);
  if ((again.request ?? before.request) !== undefined)
    return [...diff(again.request ?? null, before.request ?? null, ['request']), ...provenance];
  const externalUuid = command.kind === 'RecordMovements' ? command.externalUuid : null;
  const others = { provenance: null, externalUuid };
  return [
    ...diff({ ...again, ...others }, { ...before, ...others, externalUuid: record.externalUuid }, []),
    ...provenance,
  ];
}

type Words = Readonly<{ kind: Command['kind']; request?: JsonValue; provenance?: Provenance }>;

/** The events in the shape of a command, so that the paths are the caller's. */
function inWordsOfCommands(events: readonly LedgerEvent[]): Words {
  const tracking: TrackingChange[] = [];
  const words: Record<string, unknown> = { kind: 'RecordMovements', tracking, lines: [], notes: [], override: null };
  for (const event of events)
    if (event.kind === 'LocationOpened') Object.assign(words, event, { kind: 'OpenLocation' });
    else if (event.kind === 'PolicySet') Object.assign(words, event, { kind: 'SetPolicy' });
    else if (event.kind === 'LowStockSet') Object.assign(words, event, { kind: 'SetLowStock' });
    else if (event.kind === 'TrackingStarted') tracking.push({ ...event, kind: 'StartTracking' });
    else if (event.kind === 'TrackingStopped') tracking.push({ ...event, kind: 'StopTracking' });
    else if (event.kind === 'FloorsOverridden') words.override = { floors: true, reason: event.reason };
    // Lines, notes, the request and where it came from have the same names in both.
    else Object.assign(words, { ...event, kind: words.kind });
  return words as Words;
}

function diff(a: unknown, b: unknown, path: Path): readonly Path[] {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b ? [] : [path];
  if (Array.isArray(a) !== Array.isArray(b) || (Array.isArray(a) && a.length !== (b as unknown[]).length))
    return [path];
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  return Object.keys({ ...left, ...right }).flatMap(key =>
    diff(left[key], right[key], [...path, Array.isArray(a) ? Number(key) : key]),
  );
}
