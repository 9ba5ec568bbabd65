/** What a body may hold that `JSON.parse` takes without a word. */
export type JsonFlaw = 'NESTING_TOO_DEEP' | 'FORBIDDEN_KEY' | 'DUPLICATE_KEY';

/** Objects and lists within one another; the deepest body of the API has 6. */
export const DEPTH_MAX = 8;

// With these as keys an object that is copied or merged somewhere else changes what it inherits.
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Looks over what `JSON.parse` has made of a text.
 *
 * Of two equal keys `JSON.parse` keeps the last and other parsers the first. So a text without an escape whose value has
 * as many keys as the text, none of them forbidden and none too deep, has no flaw. Any other text is read sign by sign:
 * one that is to be refused, and one with an escape, by which a key may be written in two ways.
 *
 * @returns The first flaw in the order of the text; null when there is none.
 * @see RFC 8259, section 4.
 */
export function flawOf(text: string, json: unknown): JsonFlaw | null {
  // What V8 makes of a key with an escape depends on what it has read before: after `{"z":0,"\\":0}` the second key of
  // `{"z":0,"\u0061":0}` is a backslash (13.6, in Node 24). So what it has made of such keys is not relied on.
  const isPlain = !text.includes('\\') && keysIn(json, DEPTH_MAX) === keysInText(text);
  return isPlain ? null : firstFlaw(text);
}

/** NaN when there is a flaw. */
function keysIn(json: unknown, depth: number): number {
  if (typeof json !== 'object' || json === null) return 0;
  if (depth === 0) return Number.NaN;
  let count = 0;
  if (Array.isArray(json)) {
    for (const item of json) count += keysIn(item, depth - 1);
    return count;
  }
  for (const key of Object.keys(json)) {
    if (FORBIDDEN.has(key)) return Number.NaN;
    count += 1 + keysIn((json as Record<string, unknown>)[key], depth - 1);
  }
  return count;
}

/** The keys of all objects of a text that is JSON and has no escape: one for each colon outside of a string. */
function keysInText(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === COLON) count += 1;
    else if (sign === QUOTE) at = text.indexOf('"', at + 1);
  }
  return count;
}

const QUOTE = 0x22;
const COLON = 0x3a;

function firstFlaw(text: string): JsonFlaw | null {
  // The keys of every object that is open; null for a list.
  const open: (Set<string> | null)[] = [];
  let atKey = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '{' || sign === '[') {
      if (open.push(sign === '{' ? new Set() : null) > DEPTH_MAX) return 'NESTING_TOO_DEEP';
      atKey = sign === '{';
    } else if (sign === '}' || sign === ']') open.pop();
    else if (sign === ',') atKey = open.at(-1) !== null;
    else if (sign === '"') {
      const end = endOfString(text, at);
      const flaw = atKey ? flawOfKey(text.slice(at, end + 1), open.at(-1)) : null;
      if (flaw !== null) return flaw;
      atKey = false;
      at = end;
    }
  }
  return null;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function flawOfKey(literal: string, keys: Set<string> | null | undefined): JsonFlaw | null {
  const key = JSON.parse(literal) as string;
  if (FORBIDDEN.has(key)) return 'FORBIDDEN_KEY';
  if (keys?.has(key)) return 'DUPLICATE_KEY';
  keys?.add(key);
  return null;
}
