import fc from 'fast-check';

const ID = '00000000-0000-4000-8000-000000000001';

/** A command that is in order, and each call another one. */
function fineCommand(): Record<string, unknown> {
  return { kind: 'RecordMovements', id: ID, lines: [fineLine()] };
}

function fineLine(): Record<string, unknown> {
  return { productId: ID, variantId: ID, from: 'STORE', to: 'SOLD', quantity: 1 };
}

/** No quantity: not a number, or not a whole one of 1 or more. */
const badQuantity: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(0, -1, -0, 0.5, NaN, Infinity, -Infinity, 1e21, 2 ** 53, 1_000_000_001, Number.MIN_VALUE),
  fc.constantFrom<unknown>('1', '', null, undefined, true, 1n, Symbol('1'), [1], { valueOf: () => 1 }, Object(1)),
  fc.integer({ max: 0 }),
);

/** No UUID and no name of a system location. */
const badId: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, 1, true, [], {}, Symbol(ID), { toString: () => ID }, Object(ID)),
  fc.constantFrom(`{${ID}}`, `urn:uuid:${ID}`, `${ID}\n`, ` ${ID}`, ID.replaceAll('-', ''), ID.replace('4', '9')),
  fc.constantFrom(
    '00000000-0000-0000-0000-000000000000',
    'store',
    '__proto__',
    "' or 1=1 --",
    '\ud800',
    'а'.repeat(36),
  ),
  fc.string({ maxLength: 35 }).filter(text => !['STORE', 'SUPPLIER', 'SOLD', 'BIN'].includes(text)),
);

const badLine: fc.Arbitrary<unknown> = fc.oneof(
  badQuantity.map(quantity => ({ ...fineLine(), quantity })),
  fc
    .tuple(fc.constantFrom('productId', 'variantId', 'from', 'to'), badId)
    .map(([at, bad]) => ({ ...fineLine(), [at]: bad })),
  fc.constantFrom('STORE', ID).map(place => ({ ...fineLine(), from: place, to: place })),
  fc.string({ minLength: 1 }).map(name => ({ ...fineLine(), [`${name}?`]: 1 })),
  fc.constantFrom<unknown>(null, 1, 'line', [], new Map(), Object.create(fineLine())),
);

const badCommand: fc.Arbitrary<unknown> = fc.oneof(
  badLine.map(bad => ({ ...fineCommand(), lines: [fineLine(), bad] })),
  badId.map(id => ({ ...fineCommand(), id })),
  badId.filter(isGiven).map(externalUuid => ({ ...fineCommand(), externalUuid })),
  fc.constantFrom<unknown>(null, 1, '', {}, new Set(), { length: 1 }).map(lines => ({ ...fineCommand(), lines })),
  fc.constantFrom({ lines: [] }, { lines: [], tracking: [] }).map(empty => ({ ...fineCommand(), ...empty })),
  badId.map(productId => ({ ...fineCommand(), tracking: [{ kind: 'StartTracking', productId }] })),
  fc
    .constantFrom('Start', 'startTracking', '')
    .map(kind => ({ ...fineCommand(), tracking: [{ kind, productId: ID }] })),
  fc.constantFrom<PropertyKey>('qty', Symbol('key'), 'Lines').map(name => ({ ...fineCommand(), [name]: 1 })),
  fc.constantFrom('recordMovements', 'OpenLocation', '', 'constructor').map(kind => ({ ...fineCommand(), kind })),
);

/** Objects that fight back when they are read. Made anew each time, since a revoked proxy cannot be printed. */
const trap: fc.Arbitrary<unknown> = fc.constantFrom('getter', 'ownKeys', 'prototype').map(kind => {
  const refuse = () => {
    throw new Error('no');
  };
  if (kind === 'getter')
    return {
      ...fineCommand(),
      lines: [Object.defineProperty(fineLine(), 'quantity', { get: refuse, enumerable: true })],
    };
  if (kind === 'ownKeys') return new Proxy(fineCommand(), { ownKeys: refuse });
  return new Proxy(fineCommand(), { getPrototypeOf: refuse });
});

/**
 * Things that are no commands: anything at all, commands with one thing wrong, and objects that throw when they are
 * read. Every one is to be answered with `CommandInvalid`. It shrinks towards small ones.
 *
 * @example `fc.asyncProperty(hostileInput, async input => (await ledger.execute(input as CommandInput)).isErr())`
 */
export const hostileInput: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: badCommand },
  {
    weight: 3,
    arbitrary: fc.anything({
      withBigInt: true,
      withMap: true,
      withSet: true,
      withDate: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
      withBoxedValues: true,
    }),
  },
  { weight: 1, arbitrary: trap },
);

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined;
}
