import { err, ok, type Result } from 'neverthrow';
import {
  type Command,
  type Expectation,
  LINES_MAX,
  type OpenLocation,
  type RecordMovements,
  type SetLowStock,
  type TrackingChange,
} from '../model/command.ts';
import { readUuid, type Uuid } from '../model/id.ts';
import { LOCATION_TYPES, type Location, type LocationType, type SystemLocations } from '../model/location.ts';
import type { LowStockRule } from '../model/low-stock.ts';
import type { MovementLine } from '../model/movement.ts';
import { parseQuantity, type Quantity } from '../model/quantity.ts';
import type { Path, Rejection, Violation } from '../model/rejection.ts';

/**
 * Reads a command once, at the edge: ids in lower case, safe quantities, the names of system locations replaced by
 * their ids. What comes out shares nothing with what came in, so a caller may go on changing its objects.
 *
 * @param input - Anything at all; a field that no command has is refused, since a mistyped name would be lost.
 * @returns The command, or `CommandInvalid` with every violation of its shape in the order of the fields.
 */
export function parseCommand(input: unknown, system: SystemLocations): Result<Command, Rejection> {
  const reader = new Reader(system);
  try {
    const command = reader.command(input);
    if (command !== null && reader.violations.length === 0) return ok(command);
  } catch {
    // A getter or a proxy of the caller's threw: its error may hold anything, so only the fact is reported.
    reader.unreadable();
  }
  return err({ kind: 'CommandInvalid', retry: 'never', violations: reader.violations });
}

type Fields = Record<string, unknown>;

/** An object that inherits nothing. Made by a constructor, since `Object.create(null)` makes a hash table of it. */
const Fields = function (this: Fields) {} as unknown as new () => Fields;
Fields.prototype = Object.create(null);

const NAME_LENGTH_MAX = 256;

/** Collects violations while it reads; a method gives null for what it could not read. */
class Reader {
  readonly violations: Violation[] = [];
  readonly #system: SystemLocations;
  /** Where it reads: a path is only put together for a violation. */
  #place: Path = [];

  constructor(system: SystemLocations) {
    this.#system = system;
  }

  add(field: string | null, kind: Violation['kind'], message: string): null {
    const path = field === null ? this.#place : [...this.#place, field];
    this.violations.push({ kind, path, message });
    return null;
  }

  /** Whatever it was reading. */
  unreadable(): null {
    this.#place = [];
    return this.add(null, 'Unreadable', 'a property of the command could not be read');
  }

  command(input: unknown): Command | null {
    const kind = isPlainObject(input) && Object.hasOwn(input, 'kind') ? input.kind : undefined;
    if (kind === 'OpenLocation') return this.openLocation(input);
    if (kind === 'RecordMovements') return this.recordMovements(input);
    if (kind === 'SetLowStock') return this.setLowStock(input);
    if (!isPlainObject(input)) return this.add(null, 'TypeInvalid', 'a command is an object');
    if (kind === undefined) return this.add('kind', 'FieldMissing', 'kind is missing');
    return this.add('kind', 'TypeInvalid', 'kind is RecordMovements, OpenLocation or SetLowStock');
  }

  recordMovements(input: unknown): RecordMovements | null {
    const fields = this.object(input, ['kind', 'id', 'tracking', 'lines', 'expect', 'externalUuid']);
    if (fields === null) return null;
    const id = this.uuid(fields.id, 'id');
    const tracking = this.list(fields.tracking, 'tracking', item => this.trackingChange(item));
    const lines = this.list(fields.lines, 'lines', item => this.line(item));
    const expect = this.list(fields.expect, 'expect', item => this.expectation(item));
    const externalUuid = isAbsent(fields.externalUuid) ? null : this.uuid(fields.externalUuid, 'externalUuid');
    if (tracking === null || lines === null || expect === null || id === null) return null;
    // Lines that could not be read are no empty list.
    if (lines.length + tracking.length === 0 && this.violations.length === 0)
      return this.add('lines', 'Empty', 'a command carries at least one line or tracking change');
    return { kind: 'RecordMovements', id, tracking, lines, expect, externalUuid };
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
    const fields = this.object(input, ['kind', 'id', 'location']);
    if (fields === null) return null;
    const id = this.uuid(fields.id, 'id');
    const location = this.at(['location'], () => this.location(fields.location));
    return id === null || location === null ? null : { kind: 'OpenLocation', id, location };
  }

  location(input: unknown): Location | null {
    const fields = this.object(input, ['id', 'type', 'name']);
    if (fields === null) return null;
    const id = this.uuid(fields.id, 'id');
    const type = this.locationType(fields.type, 'type');
    const name = this.name(fields.name, 'name');
    return id === null || type === null || name === null ? null : { id, type, name, system: false };
  }

  setLowStock(input: unknown): SetLowStock | null {
    const fields = this.object(input, ['kind', 'id', 'rules']);
    if (fields === null) return null;
    const id = this.uuid(fields.id, 'id');
    const rules = isAbsent(fields.rules)
      ? this.missing('rules')
      : this.list(fields.rules, 'rules', item => this.lowStockRule(item));
    if (id === null || rules === null) return null;
    if (rules.length === 0 && this.violations.length === 0)
      return this.add('rules', 'Empty', 'a command carries at least one rule');
    return { kind: 'SetLowStock', id, rules };
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

  name(input: unknown, field: string): string | null {
    if (isAbsent(input)) return this.missing(field);
    if (typeof input !== 'string') return this.add(field, 'TypeInvalid', 'a name is a string');
    // PostgreSQL's text refuses U+0000 and lone surrogates do not survive UTF-8, so no store is given either.
    if (input.length < 1 || input.length > NAME_LENGTH_MAX || input.includes('\0') || hasLoneSurrogate(input))
      return this.add(field, 'NameInvalid', `a name has 1 to ${NAME_LENGTH_MAX} characters, none of them U+0000`);
    return input;
  }

  locationRef(input: unknown, field: string): Uuid | null {
    if (input === 'STORE' || input === 'SUPPLIER' || input === 'SOLD' || input === 'BIN') return this.#system[input];
    if (typeof input !== 'string') return this.uuid(input, field);
    return readUuid(input) ?? this.add(field, 'UuidInvalid', 'a location is a UUID, or STORE, SUPPLIER, SOLD or BIN');
  }

  uuid(input: unknown, field: string): Uuid | null {
    if (isAbsent(input)) return this.missing(field);
    if (typeof input !== 'string') return this.add(field, 'TypeInvalid', 'an id is a string');
    return readUuid(input) ?? this.add(field, 'UuidInvalid', 'an id is a UUID');
  }

  quantity(input: unknown, field: string): Quantity | null {
    if (isAbsent(input)) return this.missing(field);
    if (typeof input !== 'number') return this.add(field, 'TypeInvalid', 'a quantity is a number');
    return parseQuantity(input).match<Quantity | null>(
      quantity => quantity,
      invalid => this.add(field, 'QuantityInvalid', `the quantity is refused: ${invalid.reason}`),
    );
  }

  list<T>(input: unknown, field: string, read: (item: unknown) => T | null): readonly T[] | null {
    if (input === undefined) return [];
    if (!Array.isArray(input)) return this.add(field, 'TypeInvalid', 'a list is an array');
    const length = input.length;
    if (length > LINES_MAX) return this.add(field, 'TooMany', `a command carries at most ${LINES_MAX}`);
    const items: T[] = [];
    for (let index = 0; index < length; index++) {
      const item = this.at([field, index], () => read(input[index]));
      if (item !== null) items.push(item);
    }
    return items;
  }

  /** Reads what lies at a place. */
  at<T>(place: Path, read: () => T): T {
    const before = this.#place;
    this.#place = place;
    const value = read();
    this.#place = before;
    return value;
  }

  object(input: unknown, known: readonly string[]): Fields | null {
    if (isAbsent(input)) return this.missing(null);
    if (!isPlainObject(input)) return this.add(null, 'TypeInvalid', 'this is a plain object');
    // Own fields only and each read once: a getter cannot answer twice, a polluted prototype cannot answer at all.
    const fields = new Fields();
    for (const key of Reflect.ownKeys(input)) {
      if (typeof key !== 'string' || !known.includes(key))
        return this.add(null, 'FieldUnknown', `the fields are ${known.join(', ')}`);
      fields[key] = input[key];
    }
    return fields;
  }

  missing(field: string | null): null {
    return this.add(field, 'FieldMissing', 'this field is missing');
  }
}

function isAbsent(input: unknown): input is null | undefined {
  return input === undefined || input === null;
}

/** An object of any realm that was written as a literal; not a Map, an array, or one whose fields are inherited. */
function isPlainObject(input: unknown): input is Fields {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return false;
  const prototype: unknown = Object.getPrototypeOf(input);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function hasLoneSurrogate(text: string): boolean {
  return /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}
