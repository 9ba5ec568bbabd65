import { JSON_DEPTH_MAX, type JsonValue } from '../model/json.ts';
import { isPlainObject, isStorableText } from './reader.ts';

/**
 * Copies what a caller gives as plain JSON. What is not a number that JSON can say, text that a store cannot keep, an
 * object that is not plain and anything that is none of these is refused; a field that is undefined is left out, as
 * `JSON.stringify` does.
 *
 * @param lengthMax - The most characters that it may have as JSON: what is longer costs no more to refuse.
 * @returns The copy; undefined for what is refused.
 */
export function readJson(input: unknown, lengthMax: number): JsonValue | undefined {
  const reader = new JsonReader(lengthMax);
  const value = reader.value(input, 0);
  return value === undefined || jsonLength(value) > lengthMax ? undefined : value;
}

/** How many characters a value has as JSON. */
export function jsonLength(value: JsonValue): number {
  return JSON.stringify(value).length;
}

// As keys these change what an object inherits, wherever it is copied or merged.
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

class JsonReader {
  /** How many characters there may still be: every value has at least one. */
  #left: number;

  constructor(lengthMax: number) {
    this.#left = lengthMax;
  }

  value(input: unknown, depth: number): JsonValue | undefined {
    if (--this.#left < 0) return undefined;
    if (input === null || typeof input === 'boolean') return input;
    if (typeof input === 'string') return this.#text(input);
    // -0 is read as 0, since JSON has no other.
    if (typeof input === 'number') return Number.isFinite(input) ? input + 0 : undefined;
    if (depth === JSON_DEPTH_MAX) return undefined;
    if (Array.isArray(input)) return this.#list(input, depth + 1);
    return isPlainObject(input) ? this.#object(input, depth + 1) : undefined;
  }

  #text(input: string): string | undefined {
    this.#left -= input.length;
    return this.#left >= 0 && isStorableText(input) ? input : undefined;
  }

  #list(input: readonly unknown[], depth: number): readonly JsonValue[] | undefined {
    const { length } = input;
    const items: JsonValue[] = [];
    for (let index = 0; index < length; index++) {
      const item = this.value(input[index], depth);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }

  #object(input: Record<string, unknown>, depth: number): JsonValue | undefined {
    const fields: [string, JsonValue][] = [];
    for (const key of Reflect.ownKeys(input)) {
      if (typeof key !== 'string' || FORBIDDEN.has(key) || this.#text(key) === undefined) return undefined;
      // Read once: a getter cannot answer twice.
      const given = input[key];
      if (given === undefined) continue;
      const field = this.value(given, depth);
      if (field === undefined) return undefined;
      fields.push([key, field]);
    }
    return Object.fromEntries(fields);
  }
}
