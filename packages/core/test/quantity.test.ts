import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatQuantity, fromUnits, parseQuantity, QUANTITY_MAX, type Scale, toUnits } from '../src/index.ts';

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

const SCALES = [0, 1, 2, 3, 4, 5, 6] as const satisfies readonly Scale[];
const anyScale = fc.constantFrom(...SCALES);
const anyUnits = fc.maxSafeInteger().map(units => units + 0);

describe('an amount', () => {
  it.each([
    ['1.25', 2, 125],
    [1.25, 2, 125],
    [0.1, 1, 1],
    [0.3, 6, 300_000],
    ['-0.05', 2, -5],
    [-12, 0, -12],
    [-0.001, 3, -1],
    [-0, 2, 0],
    ['-0.00', 2, 0],
    ['0', 0, 0],
    ['007', 1, 70],
    [Number.MAX_SAFE_INTEGER, 0, Number.MAX_SAFE_INTEGER],
    ['9007199254.740991', 6, Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', 0, -Number.MAX_SAFE_INTEGER],
    [999_999_999.999999, 6, 999_999_999_999_999],
    ['0000000000000001.5', 1, 15],
  ] as const)('of %o with %i decimals is %i smallest units', (input, scale, units) => {
    expect(toUnits(input, scale)._unsafeUnwrap()).toBe(units);
  });

  it.each([
    ['1.255', 2, 'too many decimals'],
    [1.255, 2, 'too many decimals'],
    [0.1 + 0.2, 6, 'too many decimals'],
    [0.5, 0, 'too many decimals'],
    ['1.0', 0, 'too many decimals'],
    [1e-7, 6, 'too many decimals'],
    [-1e-7, 6, 'too many decimals'],
    [1e21, 0, 'too large'],
    [-1e21, 2, 'too large'],
    [Number.MAX_SAFE_INTEGER + 1, 0, 'too large'],
    ['9007199254740992', 0, 'too large'],
    ['90071992547409.92', 2, 'too large'],
    // A double has no room for the last digit: 9007199254.740991 is read as another amount.
    [1_000_000_000, 6, 'too large'],
    [Number.POSITIVE_INFINITY, 0, 'not a number'],
    [Number.NaN, 0, 'not a number'],
    ['', 2, 'not a number'],
    ['-', 2, 'not a number'],
    ['--1', 2, 'not a number'],
    ['+1', 2, 'not a number'],
    ['1e3', 2, 'not a number'],
    ['1,5', 2, 'not a number'],
    [' 1', 2, 'not a number'],
    ['.5', 2, 'not a number'],
    ['5.', 2, 'not a number'],
    ['1'.repeat(100_000), 0, 'not a number'],
    [1n, 0, 'not a number'],
    [null, 0, 'not a number'],
  ] as const)('of %o with %i decimals is refused as %s, with its place', (input, scale, reason) => {
    const path = ['lines', 1, 'quantity'];
    expect(toUnits(input, scale, path)._unsafeUnwrapErr()).toEqual({ kind: 'AmountInvalid', reason, path });
  });

  it('is of smallest units, at no place, unless one is told', () => {
    expect(toUnits('12')._unsafeUnwrap()).toBe(12);
    expect(toUnits('x')._unsafeUnwrapErr().path).toEqual([]);
    expect(fromUnits(12)).toBe(12);
  });

  it('for any safe integer and scale, is read back exactly as it is written', () => {
    fc.assert(
      fc.property(anyUnits, anyScale, (units, scale) => {
        expect(toUnits(formatQuantity(units, scale), scale)._unsafeUnwrap()).toBe(units);
        expect(toUnits(fromUnits(units, scale), scale)._unsafeUnwrap()).toBe(units);
      }),
    );
  });

  it('is written as a number where one holds it, and else as text', () => {
    expect(fromUnits(125, 2)).toBe(1.25);
    expect(fromUnits(-999_999_999_999_999, 6)).toBe(-999_999_999.999999);
    expect(fromUnits(9_007_199_254_740_991, 6)).toBe('9007199254.740991');
  });

  it('for any amounts that are added and taken away again, leaves nothing', () => {
    const amounts = fc.array(fc.integer({ min: -QUANTITY_MAX, max: QUANTITY_MAX }), { maxLength: 50 });
    fc.assert(
      fc.property(amounts, anyScale, (all, scale) => {
        const written = all.map(units => fromUnits(units, scale));
        const sum = (list: readonly (number | string)[]) =>
          list.reduce<number>((total, amount) => total + toUnits(amount, scale)._unsafeUnwrap(), 0);
        expect(sum(written) - sum(written.toReversed())).toBe(0);
        expect(sum(written)).toBe(all.reduce((total, units) => total + units, 0));
      }),
    );
  });
});
