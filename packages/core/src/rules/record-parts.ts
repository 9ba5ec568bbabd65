import type { CommandInput, RecordMovementsInput } from '../model/command.ts';
import type { LedgerEvent } from '../model/event.ts';
import { attributionOf, type JournalRecord } from '../model/journal.ts';
import { ownEvents } from './found.ts';

/** A record taken apart: what its handle brought to the organization, and the command, as it would be written. */
export type RecordParts = Readonly<{ founding: readonly LedgerEvent[]; input: CommandInput }>;

/** Takes a record apart, so that it can be decided once more. Nothing is checked: whoever decides it compares what comes out. */
export function partsOf(record: JournalRecord): RecordParts {
  const own = ownEvents(record);
  return { founding: record.events.slice(0, record.events.length - own.length), input: inputOf(record, own) };
}

type Open<T> = { -readonly [Field in keyof T]: T[Field] };

function inputOf(record: JournalRecord, own: readonly LedgerEvent[]): CommandInput {
  const { commandId: id, externalUuid } = record;
  const provenance = attributionOf(record);
  const input: Open<RecordMovementsInput> = { kind: 'RecordMovements', id, externalUuid, provenance };
  for (const event of own) {
    switch (event.kind) {
      case 'LocationOpened':
        return { kind: 'OpenLocation', id, location: placeOf(event.location), provenance };
      case 'PolicySet':
        return { kind: 'SetPolicy', id, policy: event.policy, provenance };
      case 'LowStockSet':
        return { kind: 'SetLowStock', id, rules: event.rules, provenance };
      case 'TrackingStarted':
        input.tracking = [...(input.tracking ?? []), { kind: 'StartTracking', productId: event.productId }];
        break;
      case 'TrackingStopped':
        input.tracking = [...(input.tracking ?? []), { kind: 'StopTracking', productId: event.productId }];
        break;
      case 'FloorsOverridden':
        input.override = { floors: true, reason: event.reason };
        break;
      case 'MovementsRecorded':
        input.lines = event.lines;
        break;
      case 'NotesWritten':
        input.notes = event.notes;
        break;
      case 'Requested':
        input.request = event.request;
    }
  }
  return input;
}

function placeOf({ id, type, name }: Extract<LedgerEvent, { kind: 'LocationOpened' }>['location']) {
  return { id, type, name };
}
