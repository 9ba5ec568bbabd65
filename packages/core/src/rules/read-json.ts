import { JSON_DEPTH_MAX, type JsonValue } from '../model/json.ts';
import { type Fields, isPlainObject, isStorableText } from './reader.ts';

/**
 * Copies what a caller gives as plain JSON. What is not a number that JSON can say, text that a store cannot keep, an
 * object that is not plain and anything that is none of these is refused; a field that is undefined is left out, as
 * `JSON.stringify` does.
 *
 * @param lengthMax - The most characters that it may have as JSON: what is longer costs no more to refuse.
 * @returns The copy; undefined for what is refused.
 */
export function readJson(input: unknown, lengthMax: number): JsonValue | undefined {
  // How many characters there may still be: every value has at least one.
  let left = lengthMax;
  const value = copy(input, JSON_DEPTH_MAX);
  return value === undefined || jsonLength(value) > lengthMax ? undefined : value;

  function copy(given: unknown, depth: number): JsonValue | undefined {
    if (--left < 0) return undefined;
    if (given === null || typeof given === 'boolean') return given;
    if (typeof given === 'string') return isText(given) ? given : undefined;
    // -0 is read as 0, since JSON has no other.
    if (typeof given === 'number') return Number.isFinite(given) ? given + 0 : undefined;
    if (depth === 0) return undefined;
    if (Array.isArray(given)) return copyList(given, depth - 1);
    return isPlainObject(given) ? copyObject(given, depth - 1) : undefined;
  }

  function isText(given: string): boolean {
    left -= given.length;
    return left >= 0 && isStorableText(given);
  }

  function copyList(given: readonly unknown[], depth: number): readonly JsonValue[] | undefined {
    const { length } = given;
    const items: JsonValue[] = [];
    for (let index = 0; index < length; index++) {
      const item = copy(given[index], depth);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }

  function copyObject(given: Fields, depth: number): JsonValue | undefined {
    const fields: [string, JsonValue][] = [];
    for (const key of Reflect.ownKeys(given)) {
      if (typeof key !== 'string' || FORBIDDEN.includes(key) || !isText(key)) return undefined;
      // Read once: a getter cannot answer twice.
      const inside = given[key];
      if (inside === undefined) continue;
      const field = copy(inside, depth);
      if (field === undefined) return undefined;
      fields.push([key, field]);
    }
    return Object.fromEntries(fields);
  }
}

/** How many characters a value has as JSON. */
export function jsonLength(value: JsonValue): number {
  return JSON.stringify(value).length;
}

// As keys these change what an object inherits, wherever it is copied or merged.
const FORBIDDEN: readonly string[] = ['__proto__', 'constructor', 'prototype'];
