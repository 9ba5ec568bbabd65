import { describe, expect, it } from 'vitest';
import { formatPath, parseCommand, type RecordMovements } from '../src/index.ts';
import { readJson } from '../src/rules/read-json.ts';
import { MUG, PLACES, uuid } from './shop.ts';

const NOTE = { kind: 'hold', id: 'h1', body: { open: true } };
const command = (parts: Record<string, unknown>) => ({ kind: 'RecordMovements', id: uuid(900), ...parts });

function read(parts: Record<string, unknown>): RecordMovements {
  return parseCommand(command(parts), PLACES)._unsafeUnwrap() as RecordMovements;
}

function violationsOf(parts: Record<string, unknown>): readonly string[] {
  const refusal = parseCommand(command(parts), PLACES)._unsafeUnwrapErr();
  return refusal.kind === 'CommandInvalid'
    ? refusal.violations.map(({ path, kind }) => `${formatPath(path)}: ${kind}`)
    : [];
}

const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)]);

describe('the notes of a command', () => {
  it('are read as they are, and the command may consist of them alone', () => {
    const notes = [NOTE, { kind: 'a-b', id: ' ~', body: null }, { kind: 'count', id: 'c', ifSequence: -0 }];
    expect(read({ notes }).notes).toEqual([
      NOTE,
      { kind: 'a-b', id: ' ~', body: null },
      { kind: 'count', id: 'c', ifSequence: 0 },
    ]);
    expect(read({ request: { count: [1] } }).request).toEqual({ count: [1] });
    expect(Object.keys(read({ lines: [{ ...MUG, from: 'STORE', to: 'SOLD', quantity: 1 }], notes: [] }))).not.toContain(
      'notes',
    );
  });

  it('share nothing with what was given', () => {
    const body = { tags: ['a'] };
    const [note] = read({ notes: [{ ...NOTE, body }] }).notes ?? [];
    body.tags.push('b');
    expect(note?.body).toEqual({ tags: ['a'] });
  });

  it.each([
    ['a note that is only expected', { notes: [{ kind: 'hold', id: 'h1', ifSequence: 0 }] }, 'lines: Empty'],
    ['a note of nothing', { notes: [{ kind: 'hold', id: 'h1' }] }, 'notes[0].body: FieldMissing'],
    ['no note', { notes: [null] }, 'notes[0]: FieldMissing'],
    ['a kind in capitals', { notes: [{ ...NOTE, kind: 'Hold' }] }, 'notes[0].kind: NoteInvalid'],
    ['a kind of 33 letters', { notes: [{ ...NOTE, kind: 'k'.repeat(33) }] }, 'notes[0].kind: NoteInvalid'],
    ['a kind with a line feed', { notes: [{ ...NOTE, kind: 'hold\n' }] }, 'notes[0].kind: NoteInvalid'],
    ['no id', { notes: [{ ...NOTE, id: '' }] }, 'notes[0].id: NoteInvalid'],
    ['an id of 201 characters', { notes: [{ ...NOTE, id: 'i'.repeat(201) }] }, 'notes[0].id: NoteInvalid'],
    ['an id that is not ASCII', { notes: [{ ...NOTE, id: 'é' }] }, 'notes[0].id: NoteInvalid'],
    ['a number as an id', { notes: [{ ...NOTE, id: 1 }] }, 'notes[0].id: NoteInvalid'],
    ['a sequence below 0', { notes: [{ ...NOTE, ifSequence: -1 }] }, 'notes[0].ifSequence: SequenceInvalid'],
    ['a sequence of null', { notes: [{ ...NOTE, ifSequence: null }] }, 'notes[0].ifSequence: SequenceInvalid'],
    ['a sequence of "1"', { notes: [{ ...NOTE, ifSequence: '1' }] }, 'notes[0].ifSequence: SequenceInvalid'],
    ['a field that no note has', { notes: [{ ...NOTE, sequence: 1 }] }, 'notes[0]: FieldUnknown'],
    ['the same note twice', { notes: [NOTE, { ...NOTE, id: 'h2' }, { ...NOTE, body: null }] }, 'notes[2]: Repeated'],
    ['a body that is too long', { notes: [{ ...NOTE, body: 'b'.repeat(4_095) }] }, 'notes[0].body: JsonInvalid'],
    ['a body that is nested too deep', { notes: [{ ...NOTE, body: deep(9) }] }, 'notes[0].body: JsonInvalid'],
    [
      'bodies that are too much together',
      { notes: Array.from({ length: 65 }, (_, id) => ({ kind: 'hold', id: String(id), body: 'b'.repeat(4_094) })) },
      'notes: TooMany',
    ],
    ['a request that is no JSON', { request: { on: new Date(0) } }, 'request: JsonInvalid'],
  ])('are refused for %s', (_, parts, violation) => expect(violationsOf(parts)).toEqual([violation]));

  it('may be as long and as deep as they may be', () => {
    expect(read({ notes: [{ ...NOTE, body: 'b'.repeat(4_094) }] }).notes).toHaveLength(1);
    expect(read({ notes: [{ ...NOTE, body: deep(8) }] }).notes).toHaveLength(1);
    const all = Array.from({ length: 64 }, (_, id) => ({ kind: 'hold', id: String(id), body: 'b'.repeat(4_094) }));
    expect(read({ notes: all }).notes).toHaveLength(64);
    expect(read({ request: 'r'.repeat(262_142) }).request).toHaveLength(262_142);
    expect(violationsOf({ request: 'r'.repeat(262_143) })).toEqual(['request: JsonInvalid']);
  });
});

describe('plain JSON', () => {
  it.each<[unknown, unknown]>([
    [null, null],
    [true, true],
    [-1.5, -1.5],
    [-0, 0],
    ['é😀', 'é😀'],
    [
      [1, [2]],
      [1, [2]],
    ],
    [{ a: { b: [] }, c: undefined }, { a: { b: [] } }],
    [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ])('%j is read', (input, value) => {
    expect(readJson(input, 100)).toStrictEqual(value);
    expect(Object.is(readJson(-0, 100), 0)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['infinity', [Number.POSITIVE_INFINITY]],
    ['a big integer', 1n],
    ['a symbol', Symbol('s')],
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['what inherits its fields', Object.create({ a: 1 })],
    ['a hole in a list', Array(1)],
    ['a symbol as a key', { [Symbol('s')]: 1 }],
    ['U+0000', 'a\0'],
    ['U+0000 in a key', { 'a\0': 1 }],
    ['half a character', '\ud800'],
    ['the other half', ['\udc00']],
    ['__proto__ as a key', JSON.parse('{"__proto__":1}')],
    ['constructor as a key', { constructor: 1 }],
    ['prototype as a key', { a: { prototype: 1 } }],
    ['a field of a field that is none', { a: { b: Number.NaN } }],
  ])('refuses %s', (_, input) => expect(readJson(input, 100)).toBeUndefined());

  it('is counted as it is written: quotes, commas and escapes too', () => {
    expect(readJson('"', 4)).toBe('"');
    expect(readJson('"', 3)).toBeUndefined();
    expect(readJson({ a: 1 }, 7)).toEqual({ a: 1 });
    expect(readJson({ a: 1 }, 6)).toBeUndefined();
  });

  it('is refused as soon as it is too much, however much there is', () => {
    const endless = new Proxy([], { get: (list, key) => (key === 'length' ? 2 ** 32 : ((list as never)[key] ?? 1)) });
    expect(readJson(endless, 1_000)).toBeUndefined();
  });
});
