import type { Command } from '../model/command.ts';
import type { LedgerEvent } from '../model/event.ts';
import { attributionOf, type JournalRecord } from '../model/journal.ts';
import type { JsonValue } from '../model/json.ts';
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
  const before = ownEvents(record);
  if (kindOf(before) !== command.kind) return [['kind']];
  const provenance = diff(command.provenance ?? {}, attributionOf(record), ['provenance']);
  const [request, asked] = [requestOf(contentOf(command)), requestOf(before)];
  if (request !== null || asked !== null) return [...diff(request, asked, ['request']), ...provenance];
  const paths = [...diff(contents(contentOf(command)), contents(before), []), ...provenance];
  const externalUuid = command.kind === 'RecordMovements' ? command.externalUuid : null;
  return externalUuid === record.externalUuid ? paths : [...paths, ['externalUuid']];
}

function kindOf(events: readonly LedgerEvent[]): Command['kind'] {
  if (events.some(event => event.kind === 'LocationOpened')) return 'OpenLocation';
  if (events.some(event => event.kind === 'PolicySet')) return 'SetPolicy';
  return events.some(event => event.kind === 'LowStockSet') ? 'SetLowStock' : 'RecordMovements';
}

function requestOf(events: readonly LedgerEvent[]): JsonValue {
  for (const event of events) if (event.kind === 'Requested') return event.request;
  return null;
}

/** The events in the shape of a command, so that the paths are the caller's. */
function contents(events: readonly LedgerEvent[]): unknown {
  const location = events.flatMap(event => (event.kind === 'LocationOpened' ? [event.location] : []))[0];
  if (location !== undefined) return { location };
  const rules = events.flatMap(event => (event.kind === 'LowStockSet' ? event.rules : []));
  if (rules.length > 0) return { rules };
  const policy = events.flatMap(event => (event.kind === 'PolicySet' ? [event.policy] : []))[0];
  if (policy !== undefined) return { policy };
  const reason = events.flatMap(event => (event.kind === 'FloorsOverridden' ? [event.reason] : []))[0];
  return {
    tracking: events.flatMap(event => {
      if (event.kind === 'TrackingStarted') return [{ kind: 'StartTracking', productId: event.productId }];
      if (event.kind === 'TrackingStopped') return [{ kind: 'StopTracking', productId: event.productId }];
      return [];
    }),
    lines: events.flatMap(event => (event.kind === 'MovementsRecorded' ? event.lines : [])),
    override: reason === undefined ? null : { floors: true, reason },
    notes: events.flatMap(event => (event.kind === 'NotesWritten' ? event.notes : [])),
  };
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
