import type { CommandId, Location, LocationId, StoredRecord, Uuid } from '@stockfold/core';

/** The 16 bytes of a UUID: a third of its text in the unique index of commands. */
export function uuidToBytes(id: Uuid): Uint8Array {
  return Uint8Array.from(id.replaceAll('-', '').match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}

/** The text of a UUID's 16 bytes. */
export function bytesToUuid(bytes: Uint8Array): Uuid {
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-') as Uuid;
}

/** A row of the journal as its record. */
export function toRecord(row: {
  sequence: number;
  /** 16 bytes, or text where the database has a type for UUIDs. */
  command_id: Uint8Array | string;
  recorded_at: number;
  external_uuid: string | null;
  events: string;
}): StoredRecord {
  return {
    sequence: row.sequence,
    commandId: (typeof row.command_id === 'string' ? row.command_id : bytesToUuid(row.command_id)) as CommandId,
    recordedAt: row.recorded_at,
    externalUuid: row.external_uuid as Uuid | null,
    events: JSON.parse(row.events) as StoredRecord['events'],
  };
}

/** A row of the locations as its location. */
export function toLocation(id: LocationId, row: { type: string; name: string; system: number }): Location {
  return { id, type: row.type as Location['type'], name: row.name, system: row.system === 1 };
}
