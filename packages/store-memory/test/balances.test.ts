import type { LocationId, ProductId, VariantId } from '@stockfold/core';
import { expect, it } from 'vitest';
import { Balances } from '../src/balances.ts';
import { Ids } from '../src/ids.ts';

const uuid = (group: string, number: number) =>
  `${group}0000000-0000-4000-8000-${String(number).padStart(12, '0')}` as VariantId & LocationId & ProductId;

it.each([
  ['1,000 variants at 4 locations', 4],
  ['4 variants at 1,000 locations', 1_000],
])('finds each balance of %s, and no other', (_, locations) => {
  const balances = new Balances(new Ids());
  const keys = Array.from({ length: 4_000 }, (_, number) => ({
    variantId: uuid('d', Math.floor(number / locations)),
    locationId: uuid('a', number % locations),
  }));
  for (const [number, key] of keys.entries()) balances.open(key, uuid('c', 1), 1, number);
  expect(keys.map(key => balances.onHand(balances.find(key)))).toEqual(keys.map((_, number) => number));
  expect(balances.find({ variantId: uuid('d', 0), locationId: uuid('c', 1) })).toBe(-1);
  expect(balances.find({ variantId: uuid('d', 1_000), locationId: uuid('a', 0) })).toBe(-1);
});
