import { err, ok, type Result } from 'neverthrow';
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
import { readUuid } from '../model/id.ts';
import { JSON_DEPTH_MAX, type JsonValue } from '../model/json.ts';
import { LOCATION_TYPES, type Location, type LocationType, type SystemLocations } from '../model/location.ts';
import type { LowStockRule } from '../model/low-stock.ts';
import type { MovementLine } from '../model/movement.ts';
import { COMMAND_JSON_LENGTH_MAX, isNoteId, isNoteKind, NOTE_LENGTH_MAX, type NoteWrite } from '../model/note.ts';
import type { Provenance } from '../model/provenance.ts';
import type { Rejection } from '../model/rejection.ts';
import { readPolicy } from './parse-policy.ts';
import { readProvenance } from './parse-provenance.ts';
import { jsonLength, readJson } from './read-json.ts';
import { isAbsent, isPlainObject, Reader } from './reader.ts';

/**
 * Reads a command once, at the edge: ids in lower case, safe quantities, the names of system locations replaced by
 * their ids. What comes out shares nothing with what came in, so a caller may go on changing its objects.
 *
 * @param input - Anything at all; a field that no command has is refused, since a mistyped name would be lost.
 * @returns The command, or `CommandInvalid` with every violation of its shape in the order of the fields.
 */
export function parseCommand(input: unknown, system: SystemLocations): Result<Command, Rejection> {
  const reader = new CommandReader(system);
  try {
    const command = reader.command(input);
    if (command !== null && reader.violations.length === 0) return ok(command);
  } catch {
    // A getter or a proxy of the caller's threw: its error may hold anything, so only the fact is reported.
    reader.unreadable();
  }
  return err({ kind: 'CommandInvalid', retry: 'never', violations: reader.violations });
}

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

/** Reads commands. */
class CommandReader extends Reader {
  command(input: unknown): Command | null {
    if (isPlainObject(input) && Object.getOwnPropertySymbols(input).length > 0)
      return this.add(null, 'FieldUnknown', 'a field is named by a string');
    const kind = isPlainObject(input) && Object.hasOwn(input, 'kind') ? input.kind : undefined;
    if (kind === 'OpenLocation') return this.openLocation(input);
    if (kind === 'RecordMovements') return this.recordMovements(input);
    if (kind === 'SetLowStock') return this.setLowStock(input);
    if (kind === 'SetPolicy') return this.setPolicy(input);
    if (!isPlainObject(input)) return this.add(null, 'TypeInvalid', 'a command is an object');
    if (kind === undefined) return this.add('kind', 'FieldMissing', 'kind is missing');
    return this.add('kind', 'TypeInvalid', 'kind is RecordMovements, OpenLocation, SetLowStock or SetPolicy');
  }

  recordMovements(input: unknown): RecordMovements | null {
    const fields = this.object(input, RECORD_MOVEMENTS_FIELDS);
    if (fields === null) return null;
    const id = this.uuid(fields.id, 'id', readUuid);
    const tracking = this.list(fields.tracking, 'tracking', item => this.trackingChange(item));
    const lines = this.list(fields.lines, 'lines', item => this.line(item));
    const expect = this.list(fields.expect, 'expect', item => this.expectation(item));
    const notes = fields.notes === undefined ? [] : this.notes(fields.notes);
    const request = isAbsent(fields.request) ? null : this.json(fields.request, 'request', COMMAND_JSON_LENGTH_MAX);
    const external = fields.externalUuid;
    const externalUuid = isAbsent(external) ? null : this.uuid(external, 'externalUuid', readUuid);
    const override = isAbsent(fields.override) ? null : this.at(['override'], () => this.override(fields.override));
    const provenance = readProvenance(this, fields.provenance);
    if (tracking === null || lines === null || expect === null || notes === null || id === null) return null;
    const isEmpty = lines.length + tracking.length === 0 && request === null && !notes.some(isWritten);
    // Lines that could not be read are no empty list.
    if (isEmpty && this.violations.length === 0)
      return this.add('lines', 'Empty', 'a command carries at least one line, tracking change or note');
    const command: RecordMovements = { kind: 'RecordMovements', id, tracking, lines, expect, externalUuid };
    if (notes.length === 0 && request === null && override === null && provenance === null) return command;
    return {
      ...command,
      notes: notes.length === 0 ? undefined : notes,
      request: request ?? undefined,
      override: override ?? undefined,
      ...from(provenance),
    };
  }

  override(input: unknown): Override | null {
    const fields = this.object(input, ['floors', 'reason']);
    if (fields === null) return null;
    const reason = this.name(fields.reason, 'reason', 'ReasonInvalid');
    if (fields.floors !== true) return this.add('floors', 'TypeInvalid', 'floors is true');
    return reason === null ? null : { floors: true, reason };
  }

  notes(input: unknown): readonly NoteWrite[] | null {
    const notes = this.list(input, 'notes', item => this.note(item));
    if (notes === null || this.violations.length > 0) return notes;
    const names = new Set<string>();
    for (const [index, { kind, id }] of notes.entries())
      if (names.size === names.add(`${kind} ${id}`).size)
        this.at(['notes', index], () => this.add(null, 'Repeated', 'a command says of each note once'));
    const length = notes.reduce((sum, { body }) => sum + (body === undefined ? 0 : jsonLength(body)), 0);
    if (length <= COMMAND_JSON_LENGTH_MAX) return notes;
    return this.add('notes', 'TooMany', `the bodies of all notes have at most ${COMMAND_JSON_LENGTH_MAX} characters`);
  }

  note(input: unknown): NoteWrite | null {
    const fields = this.object(input, ['kind', 'id', 'body', 'ifSequence']);
    if (fields === null) return null;
    const { kind, id, body, ifSequence } = fields;
    if (!isNoteKind(kind)) return this.add('kind', 'NoteInvalid', 'the kind of a note is a-z and -, at most 32');
    if (!isNoteId(id)) return this.add('id', 'NoteInvalid', 'the id of a note is 1 to 200 characters of ASCII');
    if (body === undefined && ifSequence === undefined)
      return this.add('body', 'FieldMissing', 'a note is written, expected, or both');
    const written = body === undefined || body === null ? body : this.json(body, 'body', NOTE_LENGTH_MAX);
    const expected = ifSequence === undefined ? undefined : this.sequence(ifSequence, 'ifSequence');
    if (expected === null) return null;
    return {
      kind,
      id,
      ...(written === undefined ? {} : { body: written }),
      ...(expected === undefined ? {} : { ifSequence: expected }),
    };
  }

  sequence(input: unknown, field: string): number | null {
    // -0 is read as 0.
    if (Number.isSafeInteger(input) && (input as number) >= 0) return (input as number) + 0;
    return this.add(field, 'SequenceInvalid', 'a sequence is a whole number, 0 or more');
  }

  /** Null for what could not be read, which is a violation. */
  json(input: unknown, field: string, lengthMax: number): JsonValue {
    const value = readJson(input, lengthMax);
    if (value !== undefined) return value;
    const limits = `nested at most ${JSON_DEPTH_MAX} deep, of at most ${lengthMax} characters`;
    return this.add(field, 'JsonInvalid', `this is plain JSON, ${limits}`);
  }

  expectation(input: unknown): Expectation | null {
    const fields = this.object(input, ['locationId', 'productId', 'variantId', 'onHand']);
    if (fields === null) return null;
    const locationId = this.locationRef(fields.locationId, 'locationId');
    const productId = this.uuid(fields.productId, 'productId');
    const variantId = this.uuid(fields.variantId, 'variantId');
    const onHand = this.onHand(fields.onHand, 'onHand');
    if (locationId === null || productId === null || variantId === null || onHand === null) return null;
    return { locationId, productId, variantId, onHand };
  }

  onHand(input: unknown, field: string): number | null {
    if (isAbsent(input)) return this.missing(field);
    if (typeof input !== 'number') return this.add(field, 'TypeInvalid', 'a balance is a number');
    // -0 is read as 0.
    if (Number.isSafeInteger(input)) return input + 0;
    return this.add(field, 'OnHandInvalid', 'a balance is a safe integer');
  }

  trackingChange(input: unknown): TrackingChange | null {
    const fields = this.object(input, ['kind', 'productId']);
    if (fields === null) return null;
    const kind = fields.kind;
    const productId = this.uuid(fields.productId, 'productId');
    if (kind !== 'StartTracking' && kind !== 'StopTracking')
      return this.add('kind', 'TypeInvalid', 'kind is StartTracking or StopTracking');
    return productId === null ? null : { kind, productId };
  }

  line(input: unknown): MovementLine | null {
    const fields = this.object(input, ['productId', 'variantId', 'from', 'to', 'quantity']);
    if (fields === null) return null;
    const productId = this.uuid(fields.productId, 'productId');
    const variantId = this.uuid(fields.variantId, 'variantId');
    const from = this.locationRef(fields.from, 'from');
    const to = this.locationRef(fields.to, 'to');
    const quantity = this.quantity(fields.quantity, 'quantity');
    if (from !== null && from === to) return this.add('to', 'LocationsEqual', 'a movement goes to another location');
    if (productId === null || variantId === null || from === null || to === null || quantity === null) return null;
    return { productId, variantId, from, to, quantity };
  }

  openLocation(input: unknown): OpenLocation | null {
    const fields = this.object(input, ['kind', 'id', 'location', 'provenance']);
    if (fields === null) return null;
    const id = this.uuid(fields.id, 'id', readUuid);
    const location = this.at(['location'], () => this.location(fields.location));
    const provenance = readProvenance(this, fields.provenance);
    return id === null || location === null ? null : { kind: 'OpenLocation', id, location, ...from(provenance) };
  }

  location(input: unknown): Location | null {
    const fields = this.object(input, ['id', 'type', 'name']);
    if (fields === null) return null;
    const id = this.uuid(fields.id, 'id', readUuid);
    const type = this.locationType(fields.type, 'type');
    const name = this.name(fields.name, 'name');
    return id === null || type === null || name === null ? null : { id, type, name, system: false };
  }

  setLowStock(input: unknown): SetLowStock | null {
    const fields = this.object(input, ['kind', 'id', 'rules', 'provenance']);
    if (fields === null) return null;
    const id = this.uuid(fields.id, 'id', readUuid);
    const listed = fields.rules;
    const rules = isAbsent(listed)
      ? this.missing('rules')
      : this.list(listed, 'rules', item => this.lowStockRule(item));
    const provenance = readProvenance(this, fields.provenance);
    if (id === null || rules === null) return null;
    if (rules.length === 0 && this.violations.length === 0)
      return this.add('rules', 'Empty', 'a command carries at least one rule');
    return { kind: 'SetLowStock', id, rules, ...from(provenance) };
  }

  setPolicy(input: unknown): SetPolicy | null {
    const fields = this.object(input, ['kind', 'id', 'policy', 'provenance']);
    if (fields === null) return null;
    const id = this.uuid(fields.id, 'id', readUuid);
    const policy = readPolicy(this, fields.policy);
    const provenance = readProvenance(this, fields.provenance);
    return id === null || policy === null ? null : { kind: 'SetPolicy', id, policy, ...from(provenance) };
  }

  lowStockRule(input: unknown): LowStockRule | null {
    const fields = this.object(input, ['productId', 'variantId', 'locationId', 'level', 'alert']);
    if (fields === null) return null;
    const productId = this.uuid(fields.productId, 'productId');
    const variantId = this.uuid(fields.variantId, 'variantId');
    const locationId = this.locationRef(fields.locationId, 'locationId');
    const level = this.level(fields.level, 'level');
    const alert = fields.alert ?? false;
    if (typeof alert !== 'boolean') return this.add('alert', 'TypeInvalid', 'an alert is true or false');
    if (productId === null || variantId === null || locationId === null) return null;
    return { productId, variantId, locationId, level, alert };
  }

  /** Null for none; what could not be read is a violation, and the command is not. */
  level(input: unknown, field: string): number | null {
    return isAbsent(input) ? null : input === 0 ? 0 : this.quantity(input, field);
  }

  locationType(input: unknown, field: string): LocationType | null {
    if (isAbsent(input)) return this.missing(field);
    const type = LOCATION_TYPES.find(candidate => candidate === input);
    return type ?? this.add(field, 'TypeInvalid', `a location type is one of ${LOCATION_TYPES.join(', ')}`);
  }
}

function from(provenance: Provenance | null): { provenance?: Provenance } {
  return provenance === null ? {} : { provenance };
}

function isWritten({ body }: NoteWrite): boolean {
  return body !== undefined;
}
