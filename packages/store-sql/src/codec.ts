import {
  type CommandId,
  isNoteId,
  isNoteKind,
  type LedgerEvent,
  type Location,
  type LocationId,
  type LowStockRule,
  type Policy,
  type ProductId,
  type StoredRecord,
  storeFault,
  type Uuid,
  type VariantId,
} from '@stockfold/core';

/** The 16 bytes of a UUID: a third of its text in the unique index of commands. */
export function uuidToBytes(id: Uuid): Uint8Array {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

/** The text of a UUID's 16 bytes. */
export function bytesToUuid(bytes: Uint8Array): Uuid {
  return hexToUuid(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex'));
}

/** The text of a UUID's 32 digits. */
export function hexToUuid(hex: string): Uuid {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Uuid;
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
    events: parseEvents(row),
  };
}

function parseEvents({ sequence, events }: { sequence: number; events: string }): StoredRecord['events'] {
  const parsed = parseJson(events);
  if (Array.isArray(parsed) && parsed.every(isEvent)) return parsed;
  throw storeFault('StoreFailed', `record ${sequence} is damaged`);
}

/** The shape that every reader of a record relies on. */
function isEvent(event: unknown): event is LedgerEvent {
  if (!isObject(event)) return false;
  if (event.kind === 'MovementsRecorded') return Array.isArray(event.lines) && event.lines.every(isLine);
  if (event.kind === 'LocationOpened') return isObject(event.location);
  if (event.kind === 'LowStockSet') return Array.isArray(event.rules) && event.rules.every(isObject);
  if (event.kind === 'NotesWritten') return Array.isArray(event.notes) && event.notes.every(isWrittenNote);
  if (event.kind === 'Requested') return event.request !== undefined;
  if (event.kind === 'PolicySet') return isObject(event.policy) && isObject(event.policy.floors);
  if (event.kind === 'Attributed') return isObject(event.provenance);
  if (event.kind === 'FloorsOverridden') return typeof event.reason === 'string';
  return event.kind === 'TrackingStarted' || event.kind === 'TrackingStopped';
}

function isWrittenNote(note: unknown): boolean {
  return isObject(note) && isNoteKind(note.kind) && isNoteId(note.id) && note.body !== undefined;
}

function isLine(line: unknown): boolean {
  if (!isObject(line) || !Number.isSafeInteger(line.quantity)) return false;
  return isId(line.productId) && isId(line.variantId) && isId(line.from) && isId(line.to);
}

function isId(id: unknown): boolean {
  return typeof id === 'string' && UUID.test(id);
}

// The database would refuse another one as the value of a query.
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The policy in a head row. */
export function toPolicy(text: string): Policy {
  const policy = parseJson(text);
  if (isObject(policy) && isObject(policy.floors)) return policy as Policy;
  throw storeFault('StoreFailed', 'the policy of the organization is damaged');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A row of the locations as its location. */
export function toLocation(id: LocationId, row: { type: string; name: string; system: number }): Location {
  return { id, type: row.type as Location['type'], name: row.name, system: row.system === 1 };
}

/** A row of the low-stock rules as its rule. */
export type LowStockRow = {
  variant_id: string;
  location_id: string;
  product_id: string;
  level: number | null;
  alert: number;
};

export function toLowStockRule(row: LowStockRow): LowStockRule {
  return {
    variantId: row.variant_id as VariantId,
    locationId: row.location_id as LocationId,
    productId: row.product_id as ProductId,
    level: row.level,
    alert: row.alert === 1,
  };
}
