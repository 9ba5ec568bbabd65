import { expect, it } from 'vitest';
import { discard, refund, restock, sale, transfer } from '../src/index.ts';
import { MUG, VAN } from './shop.ts';

it.each([
  ['a restock', restock('STORE', MUG, 2), 'SUPPLIER', 'STORE'],
  ['a sale', sale('STORE', MUG, 2), 'STORE', 'SOLD'],
  ['a refund', refund('STORE', MUG, 2), 'SOLD', 'STORE'],
  ['a discard', discard('STORE', MUG, 2), 'STORE', 'BIN'],
  ['a transfer', transfer('STORE', VAN.id, MUG, 2), 'STORE', VAN.id],
])('%s goes from one place to the other', (_, line, from, to) => {
  expect(line).toEqual({ ...MUG, from, to, quantity: 2 });
});
