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
import { parseUuid, type Uuid } from '../model/id.ts';
import { LOCATION_TYPES, type LocationType, type SystemLocations } from '../model/location.ts';
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
    reader.add([], 'Unreadable', 'a property of the command could not be read');
  }
  return err({ kind: 'CommandInvalid', retry: 'never', violations: reader.violations });
}

type Fields = Record<string, unknown>;

const NAME_LENGTH_MAX = 256;

/** Collects violations while it reads; a method gives null for what it could not read. */
class Reader {
  readonly violations: Violation[] = [];
  readonly #system: SystemLocations;

  constructor(system: SystemLocations) {
    this.#system = system;
  }

  add(path: Path, kind: Violation['kind'], message: string): null {
    this.violations.push({ kind, path, message });
    return null;
  }

  command(input: unknown): Command | null {
    const kind = isPlainObject(input) && Object.hasOwn(input, 'kind') ? input.kind : undefined;
    if (kind === 'OpenLocation') return this.openLocation(input);
    if (kind === 'RecordMovements') return this.recordMovements(input);
    if (kind === 'SetLowStock') return this.setLowStock(input);
    if (!isPlainObject(input)) return this.add([], 'TypeInvalid', 'a command is an object');
    if (kind === undefined) return this.add(['kind'], 'FieldMissing', 'kind is missing');
    return this.add(['kind'], 'TypeInvalid', 'kind is RecordMovements, OpenLocation or SetLowStock');
  }

  recordMovements(input: unknown): RecordMovements | null {
    const fields = this.object(input, [], ['kind', 'id', 'tracking', 'lines', 'expect', 'externalUuid']);
    if (fields === null) return null;
    const id = this.uuid(fields.id, ['id']);
    const tracking = this.list(fields.tracking, ['tracking'], (item, path) => this.trackingChange(item, path));
    const lines = this.list(fields.lines, ['lines'], (item, path) => this.line(item, path));
    const expect = this.list(fields.expect, ['expect'], (item, path) => this.expectation(item, path));
    const externalUuid = isAbsent(fields.externalUuid) ? null : this.uuid(fields.externalUuid, ['externalUuid']);
    if (tracking === null || lines === null || expect === null || id === null) return null;
    // Lines that could not be read are no empty list.
    if (lines.length + tracking.length === 0 && this.violations.length === 0)
      return this.add(['lines'], 'Empty', 'a command carries at least one line or tracking change');
    return { kind: 'RecordMovements', id, tracking, lines, expect, externalUuid };
  }

  expectation(input: unknown, path: Path): Expectation | null {
    const fields = this.object(input, path, ['locationId', 'productId', 'variantId', 'onHand']);
    if (fields === null) return null;
    const locationId = this.locationRef(fields.locationId, [...path, 'locationId']);
    const productId = this.uuid(fields.productId, [...path, 'productId']);
    const variantId = this.uuid(fields.variantId, [...path, 'variantId']);
    const onHand = this.onHand(fields.onHand, [...path, 'onHand']);
    if (locationId === null || productId === null || variantId === null || onHand === null) return null;
    return { locationId, productId, variantId, onHand };
  }

  onHand(input: unknown, path: Path): number | null {
    if (isAbsent(input)) return this.missing(path);
    if (typeof input !== 'number') return this.add(path, 'TypeInvalid', 'a balance is a number');
    // -0 is read as 0.
    if (Number.isSafeInteger(input)) return input + 0;
    return this.add(path, 'OnHandInvalid', 'a balance is a safe integer');
  }

  trackingChange(input: unknown, path: Path): TrackingChange | null {
    const fields = this.object(input, path, ['kind', 'productId']);
    if (fields === null) return null;
    const kind = fields.kind;
    const productId = this.uuid(fields.productId, [...path, 'productId']);
    if (kind !== 'StartTracking' && kind !== 'StopTracking')
      return this.add([...path, 'kind'], 'TypeInvalid', 'kind is StartTracking or StopTracking');
    return productId === null ? null : { kind, productId };
  }

  line(input: unknown, path: Path): MovementLine | null {
    const fields = this.object(input, path, ['productId', 'variantId', 'from', 'to', 'quantity']);
    if (fields === null) return null;
    const productId = this.uuid(fields.productId, [...path, 'productId']);
    const variantId = this.uuid(fields.variantId, [...path, 'variantId']);
    const from = this.locationRef(fields.from, [...path, 'from']);
    const to = this.locationRef(fields.to, [...path, 'to']);
    const quantity = this.quantity(fields.quantity, [...path, 'quantity']);
    if (from !== null && from === to)
      return this.add([...path, 'to'], 'LocationsEqual', 'a movement goes to another location');
    if (productId === null || variantId === null || from === null || to === null || quantity === null) return null;
    return { productId, variantId, from, to, quantity };
  }

  openLocation(input: unknown): OpenLocation | null {
    const fields = this.object(input, [], ['kind', 'id', 'location']);
    const location = fields && this.object(fields.location, ['location'], ['id', 'type', 'name']);
    if (fields === null || location === null) return null;
    const id = this.uuid(fields.id, ['id']);
    const locationId = this.uuid(location.id, ['location', 'id']);
    const type = this.locationType(location.type, ['location', 'type']);
    const name = this.name(location.name, ['location', 'name']);
    if (id === null || locationId === null || type === null || name === null) return null;
    return { kind: 'OpenLocation', id, location: { id: locationId, type, name, system: false } };
  }

  setLowStock(input: unknown): SetLowStock | null {
    const fields = this.object(input, [], ['kind', 'id', 'rules']);
    if (fields === null) return null;
    const id = this.uuid(fields.id, ['id']);
    const rules = isAbsent(fields.rules)
      ? this.missing(['rules'])
      : this.list(fields.rules, ['rules'], (item, path) => this.lowStockRule(item, path));
    if (id === null || rules === null) return null;
    if (rules.length === 0 && this.violations.length === 0)
      return this.add(['rules'], 'Empty', 'a command carries at least one rule');
    return { kind: 'SetLowStock', id, rules };
  }

  lowStockRule(input: unknown, path: Path): LowStockRule | null {
    const fields = this.object(input, path, ['productId', 'variantId', 'locationId', 'level', 'alert']);
    if (fields === null) return null;
    const productId = this.uuid(fields.productId, [...path, 'productId']);
    const variantId = this.uuid(fields.variantId, [...path, 'variantId']);
    const locationId = this.locationRef(fields.locationId, [...path, 'locationId']);
    const level = this.level(fields.level, [...path, 'level']);
    const alert = fields.alert ?? false;
    if (typeof alert !== 'boolean') return this.add([...path, 'alert'], 'TypeInvalid', 'an alert is true or false');
    if (productId === null || variantId === null || locationId === null) return null;
    return { productId, variantId, locationId, level, alert };
  }

  /** Null for none; what could not be read is a violation, and the command is not. */
  level(input: unknown, path: Path): number | null {
    return isAbsent(input) ? null : input === 0 ? 0 : this.quantity(input, path);
  }

  locationType(input: unknown, path: Path): LocationType | null {
    if (isAbsent(input)) return this.missing(path);
    const type = LOCATION_TYPES.find(candidate => candidate === input);
    return type ?? this.add(path, 'TypeInvalid', `a location type is one of ${LOCATION_TYPES.join(', ')}`);
  }

  name(input: unknown, path: Path): string | null {
    if (isAbsent(input)) return this.missing(path);
    if (typeof input !== 'string') return this.add(path, 'TypeInvalid', 'a name is a string');
    // PostgreSQL's text refuses U+0000 and lone surrogates do not survive UTF-8, so no store is given either.
    if (input.length < 1 || input.length > NAME_LENGTH_MAX || input.includes('\0') || hasLoneSurrogate(input))
      return this.add(path, 'NameInvalid', `a name has 1 to ${NAME_LENGTH_MAX} characters, none of them U+0000`);
    return input;
  }

  locationRef(input: unknown, path: Path): Uuid | null {
    if (input === 'STORE' || input === 'SUPPLIER' || input === 'SOLD' || input === 'BIN') return this.#system[input];
    if (typeof input !== 'string' || parseUuid(input).isOk()) return this.uuid(input, path);
    return this.add(path, 'UuidInvalid', 'a location is a UUID, or STORE, SUPPLIER, SOLD or BIN');
  }

  uuid(input: unknown, path: Path): Uuid | null {
    if (isAbsent(input)) return this.missing(path);
    if (typeof input !== 'string') return this.add(path, 'TypeInvalid', 'an id is a string');
    return parseUuid(input).unwrapOr(null) ?? this.add(path, 'UuidInvalid', 'an id is a UUID');
  }

  quantity(input: unknown, path: Path): Quantity | null {
    if (isAbsent(input)) return this.missing(path);
    if (typeof input !== 'number') return this.add(path, 'TypeInvalid', 'a quantity is a number');
    return parseQuantity(input).match<Quantity | null>(
      quantity => quantity,
      invalid => this.add(path, 'QuantityInvalid', `the quantity is refused: ${invalid.reason}`),
    );
  }

  list<T>(input: unknown, path: Path, read: (item: unknown, path: Path) => T | null): readonly T[] | null {
    if (input === undefined) return [];
    if (!Array.isArray(input)) return this.add(path, 'TypeInvalid', 'a list is an array');
    const length = input.length;
    if (length > LINES_MAX) return this.add(path, 'TooMany', `a command carries at most ${LINES_MAX}`);
    const items: T[] = [];
    for (let index = 0; index < length; index++) {
      const item = read(input[index], [...path, index]);
      if (item !== null) items.push(item);
    }
    return items;
  }

  object(input: unknown, path: Path, known: readonly string[]): Fields | null {
    if (isAbsent(input)) return this.missing(path);
    if (!isPlainObject(input)) return this.add(path, 'TypeInvalid', 'this is a plain object');
    for (const key of Reflect.ownKeys(input)) {
      if (typeof key !== 'string' || !known.includes(key))
        return this.add(path, 'FieldUnknown', `the fields are ${known.join(', ')}`);
    }
    // Own fields only and each read once: a getter cannot answer twice, a polluted prototype cannot answer at all.
    const fields: Fields = Object.create(null) as Fields;
    for (const name of known) if (Object.hasOwn(input, name)) fields[name] = input[name];
    return fields;
  }

  missing(path: Path): null {
    return this.add(path, 'FieldMissing', 'this field is missing');
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
