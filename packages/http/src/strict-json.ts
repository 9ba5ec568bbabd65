/** What a body may hold that `JSON.parse` takes without a word. */
export type JsonFlaw = 'NESTING_TOO_DEEP' | 'FORBIDDEN_KEY' | 'DUPLICATE_KEY';

/** Objects and lists within one another; the deepest body of the API has 6. */
export const DEPTH_MAX = 8;

// With these as keys an object that is copied or merged somewhere else changes what it inherits.
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Looks a text over that `JSON.parse` has accepted, in one pass.
 *
 * @returns The first flaw in the order of the text; null when there is none. Of two equal keys `JSON.parse` keeps the
 *   last and other parsers the first, also when one of them is written with an escape.
 * @see RFC 8259, section 4.
 */
export function flawOf(text: string): JsonFlaw | null {
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
