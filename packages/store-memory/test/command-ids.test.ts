import type { CommandId } from '@stockfold/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CommandIds } from '../src/command-ids.ts';

const id = fc.uuid() as fc.Arbitrary<CommandId>;

it('for any ids, each is found where it was put, and given back to the letter', () => {
  const property = fc.property(fc.uniqueArray(id, { maxLength: 60, size: 'max' }), id, (known, other) => {
    const ids = new CommandIds();
    for (const one of known) ids.push(one);
    expect(known.map(one => ids.find(one))).toEqual(known.map((_, row) => row));
    expect(known.map((_, row) => ids.at(row))).toEqual(known);
    expect(ids.find(other)).toBe(known.indexOf(other));
  });
  fc.assert(property);
});

it('tells ids apart that differ in one digit', () => {
  const ids = new CommandIds();
  const digits = [...'0123456789abcdef'];
  const all = [...'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'].flatMap((place, at, pattern) => {
    if (place !== 'x') return [];
    const zero = pattern.join('').replaceAll('x', '0');
    return digits.slice(1).map(digit => (zero.slice(0, at) + digit + zero.slice(at + 1)) as CommandId);
  });
  for (const one of all) ids.push(one);
  expect(all.map(one => ids.find(one))).toEqual(all.map((_, row) => row));
});

it('finds each of 20,000 ids that count up', () => {
  const ids = new CommandIds();
  const nth = (number: number) => `e0000000-0000-4000-8000-${String(number).padStart(12, '0')}` as CommandId;
  for (let number = 0; number < 20_000; number++) ids.push(nth(number));
  for (let number = 0; number < 20_000; number++)
    if (ids.find(nth(number)) !== number) throw new Error(`not ${number}`);
  expect(ids.find(nth(20_000))).toBe(-1);
});
