import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEPTH_MAX, flawOf, type JsonFlaw } from '../src/strict-json.ts';

/** A JSON text as it is written, so that an object may have a key twice. */
type Written = string | readonly Written[] | Readonly<{ members: readonly (readonly [key: string, value: Written])[] }>;

const literal = fc.constantFrom('0', '-1.5e3', 'null', 'true', '""', '"a"', '":"', '"\\":{"', '"\\\\"', '"\\\\\\":"');
const key = fc.constantFrom(
  ...['"a"', '"\\u0061"', '"b"', '"A"', '""', '":"', '"\\":"', '"\\\\"', '"\\u005c"', '"1"', '"01"'],
  ...['"__proto__"', '"__proto\\u005f_"', '"constructor"', '"toString"'],
);
const { written } = fc.letrec<{ written: Written }>(tie => ({
  written: fc.oneof(
    { depthSize: 'medium', maxDepth: DEPTH_MAX + 1 },
    literal,
    fc.array(tie('written'), { maxLength: 3 }),
    fc.record({ members: fc.array(fc.tuple(key, tie('written')), { maxLength: 4 }) }),
  ),
}));

/** Some of them as an item of an item, as deep as none may be. */
const deep: fc.Arbitrary<Written> = fc
  .tuple(written, fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat({ max: DEPTH_MAX })))
  .map(([value, depth]) => Array.from({ length: depth }).reduce<Written>(inner => [inner], value));

function textOf(value: Written, space: string): string {
  if (typeof value === 'string') return value;
  if (!('members' in value)) return `[${value.map(item => textOf(item, space)).join(`${space},`)}]`;
  return `{${value.members.map(([name, inner]) => `${space}${name}${space}:${textOf(inner, space)}`).join(',')}${space}}`;
}

/** The first flaw, as one who reads the text aloud would find it. */
function flawIn(value: Written, depth = 1): JsonFlaw | null {
  if (typeof value === 'string') return null;
  if (depth > DEPTH_MAX) return 'NESTING_TOO_DEEP';
  const seen = new Set<unknown>();
  const members = 'members' in value ? value.members : value.map(item => [null, item] as const);
  for (const [name, inner] of members) {
    const read: unknown = name === null ? Symbol('an item has no key') : JSON.parse(name);
    if (read === '__proto__' || read === 'constructor') return 'FORBIDDEN_KEY';
    if (seen.has(read)) return 'DUPLICATE_KEY';
    seen.add(read);
    const flaw = flawIn(inner, depth + 1);
    if (flaw !== null) return flaw;
  }
  return null;
}

it('for any JSON text, the first of its flaws is found, and none where there is none', () => {
  const found = new Map<JsonFlaw | null, number>();
  fc.assert(
    fc.property(deep, fc.constantFrom('', ' ', '\n\t'), (value, space) => {
      const text = textOf(value, space);
      const flaw = flawOf(text, JSON.parse(text));
      expect(flaw).toBe(flawIn(value));
      found.set(flaw, (found.get(flaw) ?? 0) + 1);
    }),
    { numRuns: 5_000 },
  );
  expect(new Set(found.keys())).toEqual(new Set([null, 'DUPLICATE_KEY', 'FORBIDDEN_KEY', 'NESTING_TOO_DEEP']));
});

it('a key twice is found, whatever the engine has read before', () => {
  const text = '{"change":1,"\\u0063hange":2}';
  // What V8 13.6 has seen in this place, with as many signs as the key, it takes for the key: a backslash and `u0063`.
  JSON.parse('{"change":1,"\\\\u0063":2}');
  expect(flawOf(text, JSON.parse(text))).toBe('DUPLICATE_KEY');
});

it('a text as deep as may be has no flaw, and a level more is too deep', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  for (const [depth, flaw] of [[DEPTH_MAX, null] as const, [DEPTH_MAX + 1, 'NESTING_TOO_DEEP'] as const])
    expect(flawOf(nested(depth), JSON.parse(nested(depth)))).toBe(flaw);
});
