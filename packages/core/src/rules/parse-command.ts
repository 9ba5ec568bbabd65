import type { Result } from 'neverthrow';
import type {
  Command,
  Expectation,
  OpenLocation,
  Override,
  RecordMovements,
  SetLowStock,
  SetPolicy,
  TrackingChange,
} from '../model/command.ts';
import { JSON_DEPTH_MAX, type JsonValue } from '../model/json.ts';
import { LOCATION_TYPES, type Location, type SystemLocations } from '../model/location.ts';
import type { LowStockRule } from '../model/low-stock.ts';
import type { MovementLine } from '../model/movement.ts';
import { COMMAND_JSON_LENGTH_MAX, isNoteId, isNoteKind, NOTE_LENGTH_MAX, type NoteWrite } from '../model/note.ts';
import type { Provenance } from '../model/provenance.ts';
import type { Rejection } from '../model/rejection.ts';
import { readPolicy } from './parse-policy.ts';
import { readProvenance } from './parse-provenance.ts';
import { jsonLength, readJson } from './read-json.ts';
import {
  type Fields,
  id,
  inside,
  integer,
  name,
  oneOf,
  optional,
  parseWith,
  place,
  quantity,
  record,
  uuid,
} from './read-values.ts';
import { isAbsent, isPlainObject, type Read, type Reader } from './reader.ts';

/**
 * Reads a command once, at the edge: ids in lower case, safe quantities, the names of system locations replaced by
 * their ids. What comes out shares nothing with what came in, so a caller may go on changing its objects.
 *
 * @param input - Anything at all; a field that no command has is refused, since a mistyped name would be lost.
 * @returns The command, or `CommandInvalid` with every violation of its shape in the order of the fields.
 */
export function parseCommand(input: unknown, system: SystemLocations): Result<Command, Rejection> {
  return parseWith(readCommand, input, system);
}

function readCommand(reader: Reader, input: unknown): Command | null {
  if (!isPlainObject(input)) return reader.add(null, 'TypeInvalid', 'must be a plain object');
  if (Object.getOwnPropertySymbols(input).length > 0)
    return reader.add(null, 'FieldUnknown', 'a field is named by a string');
  const kind = commandKind(reader, Object.hasOwn(input, 'kind') ? input.kind : undefined, 'kind');
  return kind && COMMANDS[kind](reader, input, null);
}

const commandKind = oneOf('RecordMovements', 'OpenLocation', 'SetLowStock', 'SetPolicy');

const RECORD_MOVEMENTS_FIELDS = [
  'kind',
  'id',
  'tracking',
  'lines',
  'expect',
  'notes',
  'request',
  'externalUuid',
  'override',
  'provenance',
] as const;

function recordMovements(reader: Reader, input: unknown): RecordMovements | null {
  const fields = reader.object(input, RECORD_MOVEMENTS_FIELDS);
  if (fields === null) return null;
  const commandId = id(reader, fields.id, 'id');
  const tracking = reader.list(fields.tracking, 'tracking', trackingChange);
  const lines = reader.list(fields.lines, 'lines', line);
  const expect = reader.list(fields.expect, 'expect', expectation);
  const notes = fields.notes === undefined ? [] : readNotes(reader, fields.notes);
  const request = isAbsent(fields.request) ? null : json(reader, fields.request, 'request', COMMAND_JSON_LENGTH_MAX);
  const externalUuid = isAbsent(fields.externalUuid) ? null : id(reader, fields.externalUuid, 'externalUuid');
  const override = isAbsent(fields.override) ? null : readOverride(reader, fields.override, 'override');
  const provenance = readProvenance(reader, fields.provenance, 'provenance');
  if (tracking === null || lines === null || expect === null || notes === null || commandId === null) return null;
  const isEmpty =
    lines.length + tracking.length === 0 && request === null && notes.every(note => note.body === undefined);
  // Lines that could not be read are no empty list.
  if (isEmpty && reader.violations.length === 0)
    return reader.add('lines', 'Empty', 'at least one line, tracking change or note');
  const command: RecordMovements = { kind: 'RecordMovements', id: commandId, tracking, lines, expect, externalUuid };
  if (notes.length === 0 && request === null && override === null && provenance === null) return command;
  return {
    ...command,
    notes: notes.length === 0 ? undefined : notes,
    request: request ?? undefined,
    override: override ?? undefined,
    ...from(provenance),
  };
}

const readOverride = inside(record<Override>({ floors: oneOf(true), reason: name('ReasonInvalid') }));

const trackingChange = record<TrackingChange>({
  kind: oneOf('StartTracking', 'StopTracking'),
  productId: uuid,
});

const expectation = record<Expectation>({
  locationId: place,
  productId: uuid,
  variantId: uuid,
  onHand: integer('OnHandInvalid'),
});

const line: Read<MovementLine> = (reader, input) => {
  const fields = reader.object(input, ['productId', 'variantId', 'from', 'to', 'quantity']);
  if (fields === null) return null;
  const productId = uuid(reader, fields.productId, 'productId');
  const variantId = uuid(reader, fields.variantId, 'variantId');
  const from = place(reader, fields.from, 'from');
  const to = place(reader, fields.to, 'to');
  const units = quantity(reader, fields.quantity, 'quantity');
  if (from !== null && from === to) return reader.add('to', 'LocationsEqual', 'must be another location than `from`');
  if (productId === null || variantId === null || from === null || to === null || units === null) return null;
  return { productId, variantId, from, to, quantity: units };
};

function readNotes(reader: Reader, input: unknown): readonly NoteWrite[] | null {
  const notes = reader.list(input, 'notes', note);
  if (notes === null || reader.violations.length > 0) return notes;
  const names = new Set<string>();
  for (const [index, { kind, id }] of notes.entries())
    if (names.size === names.add(`${kind} ${id}`).size)
      reader.at(['notes', index], () => reader.add(null, 'Repeated', 'this stands twice'));
  const length = notes.reduce((sum, { body }) => sum + (body === undefined ? 0 : jsonLength(body)), 0);
  if (length <= COMMAND_JSON_LENGTH_MAX) return notes;
  return reader.add('notes', 'TooMany', `all bodies have at most ${COMMAND_JSON_LENGTH_MAX} characters`);
}

const note: Read<NoteWrite> = (reader, input) => {
  const fields = reader.object(input, ['kind', 'id', 'body', 'ifSequence']);
  if (fields === null) return null;
  const { kind, id, body, ifSequence } = fields;
  if (!isNoteKind(kind)) return reader.add('kind', 'NoteInvalid', 'must have 1 to 32 characters of a-z and -');
  if (!isNoteId(id)) return reader.add('id', 'NoteInvalid', 'must have 1 to 200 characters of ASCII');
  // It is written, expected, or both.
  if (body === undefined && ifSequence === undefined) return reader.missing('body');
  const written = body === undefined || body === null ? body : json(reader, body, 'body', NOTE_LENGTH_MAX);
  const expected = ifSequence === undefined ? undefined : sequence(reader, ifSequence, 'ifSequence');
  if (expected === null) return null;
  return {
    kind,
    id,
    ...(written === undefined ? {} : { body: written }),
    ...(expected === undefined ? {} : { ifSequence: expected }),
  };
};

const sequence: Read<number> = (reader, input, field) => {
  // -0 is read as 0.
  if (Number.isSafeInteger(input) && (input as number) >= 0) return (input as number) + 0;
  return reader.add(field, 'SequenceInvalid', 'must be a whole number from 0');
};

/** Null for what could not be read, which is a violation. */
function json(reader: Reader, input: unknown, field: string, lengthMax: number): JsonValue {
  const value = readJson(input, lengthMax);
  if (value !== undefined) return value;
  const limits = `at most ${JSON_DEPTH_MAX} deep, at most ${lengthMax} characters`;
  return reader.add(field, 'JsonInvalid', `must be plain JSON, ${limits}`);
}

const newLocation = record<Omit<Location, 'system'>>({
  id,
  type: oneOf(...LOCATION_TYPES),
  name: name('NameInvalid'),
});

const lowStockRules: Read<readonly LowStockRule[]> = (reader, value, field) => {
  const rules = isAbsent(value) ? reader.missing(field) : reader.list(value, 'rules', lowStockRule);
  if (rules?.length !== 0 || reader.violations.length > 0) return rules;
  return reader.add(field, 'Empty', 'at least one rule');
};

const location: Read<Location> = (reader, value, field) => {
  const read = newLocation(reader, value, field);
  return read && { ...read, system: false };
};

const lowStockRule = record<LowStockRule>({
  productId: uuid,
  variantId: uuid,
  locationId: place,
  // 0 is a level, and no quantity.
  level: optional((reader, value, field) => (value === 0 ? 0 : quantity(reader, value, field))),
  alert: (reader, value, field) => (isAbsent(value) ? false : oneOf(true, false)(reader, value, field)),
});

const COMMANDS: Readonly<Record<Command['kind'], Read<Command>>> = {
  RecordMovements: recordMovements,
  OpenLocation: command<OpenLocation>({ kind: oneOf('OpenLocation'), id, location: inside(location) }),
  SetLowStock: command<SetLowStock>({ kind: oneOf('SetLowStock'), id, rules: lowStockRules }),
  SetPolicy: command<SetPolicy>({ kind: oneOf('SetPolicy'), id, policy: inside(readPolicy) }),
};

/** A command of some fields, which may say where it comes from. */
function command<C extends Command>(reads: Fields<Omit<C, 'provenance'>>): Read<C> {
  const read = record<object>({ ...reads, provenance: readProvenance });
  return (reader, value, field) => {
    const { provenance, ...rest } = (read(reader, value, field) ?? {}) as { provenance?: Provenance | null };
    return provenance === undefined ? null : ({ ...rest, ...from(provenance) } as unknown as C);
  };
}

function from(provenance: Provenance | null): { provenance?: Provenance } {
  return provenance === null ? {} : { provenance };
}
