import { err, ok, type Result } from 'neverthrow';
import { internUuid, readUuid, type Uuid } from '../model/id.ts';
import type { SystemLocations } from '../model/location.ts';
import { isQuantity, QUANTITY_MAX, type Quantity } from '../model/quantity.ts';
import type { Rejection, Violation } from '../model/rejection.ts';
import { isAbsent, isStorableText, type Read, Reader } from './reader.ts';

const NAME_LENGTH_MAX = 256;

/** Reads the whole of what a caller wrote, whatever it is; `CommandInvalid` with every violation. */
export function parseWith<T>(read: Read<T>, input: unknown, system: SystemLocations): Result<T, Rejection> {
  const reader = new Reader(system);
  try {
    const parsed = read(reader, input, null);
    if (parsed !== null && reader.violations.length === 0) return ok(parsed);
  } catch {
    // A getter or a proxy of the caller's threw: its error may hold anything, so only the fact is reported.
    reader.violations.push({ kind: 'Unreadable', path: [], message: 'this could not be read' });
  }
  return err({ kind: 'CommandInvalid', retry: 'never', violations: reader.violations });
}

/** How each field of an object is read. */
export type Fields<R> = Readonly<{ [F in keyof R]-?: Read<R[F]> }>;

/**
 * A plain object, each of its fields read by the function of its name. Items of which there are many are read by hand,
 * which is faster.
 */
export function record<R extends object>(reads: Fields<R>): Read<R> {
  const names = Object.keys(reads) as (keyof R & string)[];
  return (reader, value) => {
    const fields = reader.object(value, names);
    if (fields === null) return null;
    const before = reader.violations.length;
    const read: Partial<R> = {};
    for (const name of names) read[name] = reads[name](reader, fields[name], name) as R[keyof R & string];
    return reader.violations.length === before ? (read as R) : null;
  };
}

/** What lies in a field, deeper and deeper: the paths of its violations begin there. */
export function inside<T>(read: Read<T>): Read<T> {
  return (reader, value, field) => reader.at([field as string], () => read(reader, value, null));
}

/** Null too for what is absent. */
export function optional<T>(read: Read<T>): Read<T> {
  return (reader, value, field) => (isAbsent(value) ? null : read(reader, value, field));
}

/** One of some values. */
export function oneOf<const T>(...values: readonly T[]): Read<T> {
  return (reader, value, field) => {
    if (isAbsent(value)) return reader.missing(field);
    const found = values.find(candidate => candidate === value);
    return found ?? reader.add(field, 'TypeInvalid', `must be one of ${values.join(', ')}`);
  };
}

/** A text of 1 to {@link NAME_LENGTH_MAX} characters. */
export function name(kind: Violation['kind']): Read<string> {
  return (reader, value, field) => {
    if (isAbsent(value)) return reader.missing(field);
    if (typeof value !== 'string') return reader.add(field, 'TypeInvalid', 'must be a string');
    if (value.length < 1 || value.length > NAME_LENGTH_MAX || !isStorableText(value))
      return reader.add(field, kind, `must have 1 to ${NAME_LENGTH_MAX} characters, none of them U+0000`);
    return value;
  };
}

/** A safe integer; -0 is read as 0. */
export function integer(kind: Violation['kind']): Read<number> {
  return (reader, value, field) => {
    if (isAbsent(value)) return reader.missing(field);
    if (typeof value !== 'number') return reader.add(field, 'TypeInvalid', 'must be a number');
    return Number.isSafeInteger(value) ? value + 0 : reader.add(field, kind, 'must be a safe integer');
  };
}

/** An id that comes once. */
export const id: Read<Uuid> = (reader, value, field) => readId(reader, value, field, readUuid);

/** An id that comes again and again. */
export const uuid: Read<Uuid> = (reader, value, field) => readId(reader, value, field, internUuid);

function readId(
  reader: Reader,
  value: unknown,
  field: string | null,
  read: (value: string) => Uuid | null,
): Uuid | null {
  if (isAbsent(value)) return reader.missing(field);
  if (typeof value !== 'string') return reader.add(field, 'TypeInvalid', 'must be a string');
  return read(value) ?? reader.add(field, 'UuidInvalid', 'must be a UUID');
}

/** The id of a location, or that of the system location of a type; null for what is neither. */
export function readPlace(value: unknown, system: SystemLocations): Uuid | null {
  const isType = typeof value === 'string' && Object.hasOwn(system, value);
  return isType ? system[value as keyof SystemLocations] : readUuid(value);
}

/** The id of a location, or the type of a system location, which stands for it. */
export const place: Read<Uuid> = (reader, value, field) =>
  value === 'STORE' || value === 'SUPPLIER' || value === 'SOLD' || value === 'BIN'
    ? reader.system[value]
    : uuid(reader, value, field);

/** What a movement carries, in smallest units. */
export const quantity: Read<Quantity> = (reader, value, field) => {
  if (isAbsent(value)) return reader.missing(field);
  if (typeof value !== 'number') return reader.add(field, 'TypeInvalid', 'must be a number');
  if (isQuantity(value)) return value;
  return reader.add(field, 'QuantityInvalid', `must be a whole number from 1 to ${QUANTITY_MAX}`);
};
