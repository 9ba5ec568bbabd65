import { LINES_MAX } from '../model/command.ts';
import type { SystemLocations } from '../model/location.ts';
import type { Path, Violation } from '../model/rejection.ts';

/** The own fields of an object. */
export type Fields = Record<string, unknown>;

/** An object that inherits nothing. Made by a constructor, since `Object.create(null)` makes a hash table of it. */
const Fields = function (this: Fields) {} as unknown as new () => Fields;
Fields.prototype = Object.create(null);

/**
 * Reads what stands in a field, or is an item of a list: null for what could not be read, which is then a violation.
 */
export type Read<T> = (reader: Reader, value: unknown, field: string | null) => T | null;

/**
 * Reads what callers write, whatever it is. It collects violations while it reads; a method gives null for what it could
 * not read.
 */
export class Reader {
  readonly violations: Violation[] = [];
  readonly system: SystemLocations;
  /** Where it reads, and in which item of a list there: a path is only put together for a violation. */
  #place: Path = [];
  #list: string | null = null;
  #index: number | null = null;

  constructor(system: SystemLocations) {
    this.system = system;
  }

  /** Notes what is wrong with a field, or with all of what is read. */
  add(field: string | null, kind: Violation['kind'], message: string): null {
    const path = [...this.#place, this.#list, this.#index, field].filter(part => part !== null);
    this.violations.push({ kind, path, message });
    return null;
  }

  /** At most {@link LINES_MAX} items. */
  list<T>(input: unknown, field: string, read: Read<T>): readonly T[] | null {
    if (input === undefined) return [];
    if (!Array.isArray(input)) return this.add(field, 'TypeInvalid', 'must be an array');
    const length = input.length;
    if (length > LINES_MAX) return this.add(field, 'TooMany', `at most ${LINES_MAX}`);
    const items: T[] = [];
    this.#list = field;
    for (let index = 0; index < length; index++) {
      this.#index = index;
      const item = read(this, input[index], null);
      if (item !== null) items.push(item);
    }
    this.#list = null;
    this.#index = null;
    return items;
  }

  /** Reads what lies at a place. */
  at<T>(place: Path, read: () => T): T {
    const before = this.#place;
    this.#place = [...before, ...place];
    const value = read();
    this.#place = before;
    return value;
  }

  /** The fields of a plain object; one that is not known is a violation. */
  object(input: unknown, known: readonly string[]): Fields | null {
    if (isAbsent(input)) return this.missing(null);
    if (!isPlainObject(input)) return this.add(null, 'TypeInvalid', 'must be a plain object');
    // Five times as fast as `Reflect.ownKeys`, which gives symbols too; those are looked for once a command.
    const keys = Object.getOwnPropertyNames(input);
    for (const key of keys)
      if (!known.includes(key)) return this.add(null, 'FieldUnknown', `the fields are ${known.join(', ')}`);
    // Own fields only: a polluted prototype cannot answer. An object that has them all is read as it is, each field
    // once: a getter cannot answer twice.
    if (keys.length === known.length) return input;
    const fields = new Fields();
    for (const key of keys) fields[key] = input[key];
    return fields;
  }

  missing(field: string | null): null {
    return this.add(field, 'FieldMissing', 'this field is missing');
  }
}

/** What a caller left out. */
export function isAbsent(input: unknown): input is null | undefined {
  return input === undefined || input === null;
}

/** An object of any realm that was written as a literal; not a Map, an array, or one whose fields are inherited. */
export function isPlainObject(input: unknown): input is Fields {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return false;
  const prototype: unknown = Object.getPrototypeOf(input);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether every store can keep a text: PostgreSQL's refuses U+0000, and lone surrogates do not survive UTF-8. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}
