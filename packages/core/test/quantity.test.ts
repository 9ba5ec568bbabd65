import { describe, expect, it } from 'vitest';
import { formatQuantity, parseQuantity, QUANTITY_MAX, type Scale } from '../src/index.ts';

describe('a quantity', () => {
  it.each([
    [1, 0, 1],
    [QUANTITY_MAX, 0, QUANTITY_MAX],
    ['12', 0, 12],
    ['007', 0, 7],
    ['1.25', 2, 125],
    ['1.2', 2, 120],
    ['1', 2, 100],
    [1.25, 2, 125],
    [0.1, 1, 1],
    ['0.000001', 6, 1],
    ['1000000000', 0, QUANTITY_MAX],
  ] as const)('of %o with %i decimals is %i smallest units', (input, scale, units) => {
    expect(parseQuantity(input, scale)._unsafeUnwrap()).toBe(units);
  });

  it.each([
    [0, 0, 'not positive'],
    [-1, 0, 'not positive'],
    [Number.NEGATIVE_INFINITY, 0, 'not positive'],
    ['0', 0, 'not positive'],
    ['-5', 0, 'not positive'],
    ['0.00', 2, 'not positive'],
    [Number.NaN, 0, 'not a number'],
    [null, 0, 'not a number'],
    [1n, 0, 'not a number'],
    ['', 0, 'not a number'],
    [' 1', 0, 'not a number'],
    ['+1', 0, 'not a number'],
    ['1e3', 0, 'not a number'],
    ['1,5', 1, 'not a number'],
    ['0x10', 0, 'not a number'],
    ['١', 0, 'not a number'],
    ['.5', 1, 'not a number'],
    ['5.', 1, 'not a number'],
    ['1'.repeat(100_000), 0, 'not a number'],
    [1.5, 0, 'too many decimals'],
    ['1.0', 0, 'too many decimals'],
    ['1.255', 2, 'too many decimals'],
    [0.1 + 0.2, 2, 'too many decimals'],
    [1e-7, 6, 'too many decimals'],
    [1e21, 2, 'too large'],
    [-1.5, 2, 'not positive'],
    [Number.NaN, 2, 'not a number'],
    [QUANTITY_MAX + 1, 0, 'too large'],
    [Number.POSITIVE_INFINITY, 0, 'too large'],
    ['9999999999999999', 0, 'too large'],
    ['10000000.01', 2, 'too large'],
  ] as const)('of %o with %i decimals is %s', (input, scale, reason) => {
    expect(parseQuantity(input, scale)._unsafeUnwrapErr()).toEqual({ kind: 'QuantityInvalid', reason });
  });
});

describe('a quantity is written', () => {
  it.each([
    [125, 2, '1.25'],
    [5, 2, '0.05'],
    [-5, 2, '-0.05'],
    [-125, 2, '-1.25'],
    [0, 3, '0.000'],
    [7, 0, '7'],
    [Number.MAX_SAFE_INTEGER, 6, '9007199254.740991'],
  ] as const)('%i with %i decimals as %s', (units, scale, text) => expect(formatQuantity(units, scale)).toBe(text));

  it('so that it is read back as it was', () => {
    for (const units of [1, 9, 10, 99, 100, 12_345, 999_999_999, QUANTITY_MAX])
      for (const scale of [0, 1, 2, 3, 4, 5, 6] satisfies Scale[])
        expect(parseQuantity(formatQuantity(units, scale), scale)._unsafeUnwrap()).toBe(units);
  });
});
