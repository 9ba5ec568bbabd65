import { describe, expect, it } from 'vitest';
import { formatPath, LINES_MAX, parseCommand, type Violation } from '../src/index.ts';
import { MUG, PLACES, uuid } from './shop.ts';

const LINE = { ...MUG, from: 'STORE', to: 'SOLD', quantity: 1 };
const COMMAND = { kind: 'RecordMovements', id: uuid(900), lines: [LINE] };
const OPENING = { kind: 'OpenLocation', id: uuid(900), location: { id: uuid(31), type: 'STORE', name: 'Branch' } };

/** Each violation as `path: kind`. */
function violationsOf(input: unknown): readonly string[] {
  const refusal = parseCommand(input, PLACES)._unsafeUnwrapErr();
  if (refusal.kind !== 'CommandInvalid') throw new Error(refusal.kind);
  return refusal.violations.map(({ path, kind }) => `${formatPath(path)}: ${kind}`);
}

const withLine = (fields: Record<PropertyKey, unknown>) => ({ ...COMMAND, lines: [LINE, { ...LINE, ...fields }] });
const throwing = () => {
  throw new Error('secret');
};

const EXPECTATION = { locationId: 'STORE', ...MUG, onHand: 3 };
const withExpectation = (fields: Record<PropertyKey, unknown>) => ({
  ...COMMAND,
  expect: [EXPECTATION, { ...EXPECTATION, ...fields }],
});

const BAD: readonly (readonly [string, unknown, ...string[]])[] = [
  ['null', null, ': TypeInvalid'],
  ['undefined', undefined, ': TypeInvalid'],
  ['a number', 7, ': TypeInvalid'],
  ['a string', 'RecordMovements', ': TypeInvalid'],
  ['a symbol', Symbol('command'), ': TypeInvalid'],
  ['a function', () => COMMAND, ': TypeInvalid'],
  ['an array', [COMMAND], ': TypeInvalid'],
  ['a Map', new Map(Object.entries(COMMAND)), ': TypeInvalid'],
  ['fields on the prototype only', Object.create(COMMAND), ': TypeInvalid'],
  ['{}', {}, 'kind: FieldMissing'],
  ['an unknown kind', { ...COMMAND, kind: 'recordMovements' }, 'kind: TypeInvalid'],
  ['a kind of Object.prototype', { ...COMMAND, kind: 'constructor' }, 'kind: TypeInvalid'],
  ['an expectation alone', { ...COMMAND, lines: [], expect: [EXPECTATION] }, 'lines: Empty'],
  ['expectations that are no list', { ...COMMAND, expect: EXPECTATION }, 'expect: TypeInvalid'],
  ['an expectation of nothing', { ...COMMAND, expect: [null] }, 'expect[0]: FieldMissing'],
  ['an expectation without onHand', withExpectation({ onHand: undefined }), 'expect[1].onHand: FieldMissing'],
  ['an expectation of "3"', withExpectation({ onHand: '3' }), 'expect[1].onHand: TypeInvalid'],
  ['an expectation of half a piece', withExpectation({ onHand: 0.5 }), 'expect[1].onHand: OnHandInvalid'],
  ['an expectation of 2^53', withExpectation({ onHand: 2 ** 53 }), 'expect[1].onHand: OnHandInvalid'],
  ['an expectation at no place', withExpectation({ locationId: 'attic' }), 'expect[1].locationId: UuidInvalid'],
  ['an expectation of no product', withExpectation({ productId: null }), 'expect[1].productId: FieldMissing'],
  ['an expectation of no variant', withExpectation({ variantId: 1 }), 'expect[1].variantId: TypeInvalid'],
  ['an expectation of a key', withExpectation({ key: 1 }), 'expect[1]: FieldUnknown'],
  ['no id', { ...COMMAND, id: undefined }, 'id: FieldMissing'],
  ['id null', { ...COMMAND, id: null }, 'id: FieldMissing'],
  ['an id that is no UUID', { ...COMMAND, id: 'one' }, 'id: UuidInvalid'],
  ['an id of 1 MB', { ...COMMAND, id: 'a'.repeat(1_000_000) }, 'id: UuidInvalid'],
  ['an id with a line feed', { ...COMMAND, id: `${uuid(1)}\n` }, 'id: UuidInvalid'],
  ['the nil UUID', { ...COMMAND, id: '00000000-0000-0000-0000-000000000000' }, 'id: UuidInvalid'],
  ['an id that turns into a string', { ...COMMAND, id: { toString: () => uuid(1) } }, 'id: TypeInvalid'],
  ['an id in bytes', { ...COMMAND, id: new Uint8Array(16) }, 'id: TypeInvalid'],
  ['no lines', { kind: 'RecordMovements', id: uuid(1) }, 'lines: Empty'],
  ['lines []', { ...COMMAND, lines: [] }, 'lines: Empty'],
  ['lines null', { ...COMMAND, lines: null }, 'lines: TypeInvalid'],
  ['lines as a Set', { ...COMMAND, lines: new Set([LINE]) }, 'lines: TypeInvalid'],
  ['lines that look like an array', { ...COMMAND, lines: { 0: LINE, length: 1 } }, 'lines: TypeInvalid'],
  ['one line too many', { ...COMMAND, lines: Array(LINES_MAX + 1).fill(LINE) }, 'lines: TooMany'],
  ['lines of length 2^32 - 1', { ...COMMAND, lines: Array(2 ** 32 - 1) }, 'lines: TooMany'],
  ['one tracking change too many', { ...COMMAND, tracking: Array(LINES_MAX + 1).fill({}) }, 'tracking: TooMany'],
  ['a hole in the lines', { ...COMMAND, lines: [LINE, undefined] }, 'lines[1]: FieldMissing'],
  ['a line that is a string', { ...COMMAND, lines: ['STORE'] }, 'lines[0]: TypeInvalid'],
  ['an unknown field', { ...COMMAND, qty: 1 }, ': FieldUnknown'],
  ['an unknown field of a line', withLine({ qty: 1 }), 'lines[1]: FieldUnknown'],
  ['a symbol as a field', { ...COMMAND, [Symbol('field')]: 1 }, ': FieldUnknown'],
  ['__proto__ as a field', JSON.parse(`{"__proto__":{},${JSON.stringify(COMMAND).slice(1)}`), ': FieldUnknown'],
  ['quantity absent', withLine({ quantity: undefined }), 'lines[1].quantity: FieldMissing'],
  ['quantity null', withLine({ quantity: null }), 'lines[1].quantity: FieldMissing'],
  ...[NaN, Infinity, -Infinity, 0, -0, -1, 0.1 + 0.2, 1.5, Number.MIN_VALUE, 1e9 + 1, 2 ** 53].map(
    quantity => [`quantity ${quantity}`, withLine({ quantity }), 'lines[1].quantity: QuantityInvalid'] as const,
  ),
  ...['1', 1n, true, [1], Object(1), { valueOf: () => 1 }, Symbol('1')].map(
    quantity =>
      [`quantity of type ${typeof quantity}`, withLine({ quantity }), 'lines[1].quantity: TypeInvalid'] as const,
  ),
  [
    'a variant without dashes',
    withLine({ variantId: MUG.variantId.replaceAll('-', '') }),
    'lines[1].variantId: UuidInvalid',
  ],
  ['a variant in braces', withLine({ variantId: `{${MUG.variantId}}` }), 'lines[1].variantId: UuidInvalid'],
  [
    'a variant with a Cyrillic letter',
    withLine({ variantId: `а${MUG.variantId.slice(1)}` }),
    'lines[1].variantId: UuidInvalid',
  ],
  ['a product of SQL', withLine({ productId: "' or 1=1 --" }), 'lines[1].productId: UuidInvalid'],
  ['a location in lower case', withLine({ from: 'store' }), 'lines[1].from: UuidInvalid'],
  ['a type that has no system location', withLine({ to: 'TRANSIT' }), 'lines[1].to: UuidInvalid'],
  ['from and to the same', withLine({ to: 'STORE' }), 'lines[1].to: LocationsEqual'],
  ['from and to the same in other words', withLine({ to: PLACES.STORE.toUpperCase() }), 'lines[1].to: LocationsEqual'],
  ['externalUuid a number', { ...COMMAND, externalUuid: 1 }, 'externalUuid: TypeInvalid'],
  ['externalUuid no UUID', { ...COMMAND, externalUuid: '' }, 'externalUuid: UuidInvalid'],
  [
    'tracking of an unknown kind',
    { ...COMMAND, tracking: [{ kind: 'Start', productId: MUG.productId }] },
    'tracking[0].kind: TypeInvalid',
  ],
  [
    'tracking without a product',
    { ...COMMAND, tracking: [{ kind: 'StartTracking' }] },
    'tracking[0].productId: FieldMissing',
  ],
  [
    'a location without a name',
    { ...OPENING, location: { ...OPENING.location, name: '' } },
    'location.name: NameInvalid',
  ],
  [
    'a name of 257 characters',
    { ...OPENING, location: { ...OPENING.location, name: 'x'.repeat(257) } },
    'location.name: NameInvalid',
  ],
  ['a name with U+0000', { ...OPENING, location: { ...OPENING.location, name: 'a\0b' } }, 'location.name: NameInvalid'],
  [
    'a name with half a character',
    { ...OPENING, location: { ...OPENING.location, name: '\ud83d' } },
    'location.name: NameInvalid',
  ],
  [
    'a location of no type',
    { ...OPENING, location: { ...OPENING.location, type: 'SHOP' } },
    'location.type: TypeInvalid',
  ],
  [
    'a location that says it is of the system',
    { ...OPENING, location: { ...OPENING.location, system: true } },
    'location: FieldUnknown',
  ],
  ['no location', { kind: 'OpenLocation', id: uuid(1) }, 'location: FieldMissing'],
  [
    'a location with nothing in it',
    { ...OPENING, location: {} },
    'location.id: FieldMissing',
    'location.type: FieldMissing',
    'location.name: FieldMissing',
  ],
  [
    'a location whose name is a number',
    { ...OPENING, location: { ...OPENING.location, name: 7 } },
    'location.name: TypeInvalid',
  ],
];

describe('a bad command is refused with what is wrong and where', () => {
  it.each(BAD)('%s', (_, input, ...expected) => {
    expect(violationsOf(input)).toEqual(expected);
  });

  it('all violations at once, in the order of the fields', () => {
    const line = { productId: 1, variantId: 'x', from: 'STORE', to: 'STORE', quantity: 0 };
    expect(
      violationsOf({ kind: 'RecordMovements', id: 'x', externalUuid: 'y', lines: [line], tracking: [null] }),
    ).toEqual([
      'id: UuidInvalid',
      'tracking[0]: FieldMissing',
      'lines[0].productId: TypeInvalid',
      'lines[0].variantId: UuidInvalid',
      'lines[0].quantity: QuantityInvalid',
      'lines[0].to: LocationsEqual',
      'externalUuid: UuidInvalid',
    ]);
  });
});

describe('a command that fights back is unreadable, and nothing is thrown', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const lines = [Object.defineProperty({ ...LINE }, 'quantity', { get: throwing, enumerable: true })];
  it.each([
    ['a getter that throws', { ...COMMAND, lines }],
    ['ownKeys that throws', new Proxy({ ...COMMAND }, { ownKeys: throwing })],
    ['getPrototypeOf that throws', new Proxy({ ...COMMAND }, { getPrototypeOf: throwing })],
    ['a revoked proxy', proxy],
    ['a revoked proxy as the lines', { ...COMMAND, lines: proxy }],
  ])('%s', (_, input) => expect(violationsOf(input)).toEqual([': Unreadable']));
});

describe('what is said about a bad command', () => {
  it('never repeats the input', () => {
    const secret = 'sk_live_12345';
    const line = { ...LINE, productId: secret, from: secret, quantity: secret };
    const refusal = parseCommand({ ...COMMAND, id: secret, [secret]: 1, lines: [line], externalUuid: secret }, PLACES);
    const violations: readonly Violation[] = Object(refusal._unsafeUnwrapErr()).violations;
    expect(JSON.stringify(violations)).not.toContain(secret);
    const inside = parseCommand(
      { ...COMMAND, id: secret, lines: [line], externalUuid: secret },
      PLACES,
    )._unsafeUnwrapErr();
    expect(JSON.stringify(inside)).not.toContain(secret);
  });

  it('is what it must be', () => {
    const refusal = parseCommand({ ...withLine({ to: 'STORE', quantity: 0 }), id: 'x' }, PLACES)._unsafeUnwrapErr();
    expect(Object(refusal).violations.map(({ message }: Violation) => message)).toEqual([
      'must be a UUID',
      'must be a whole number from 1 to 1000000000',
      'must be another location than `from`',
    ]);
  });
});

describe('a good command', () => {
  it('has ids in lower case, and ids for the names of system locations', () => {
    const id = 'ABCDEF00-0000-4000-8000-00000000000A';
    const line = { ...LINE, from: PLACES.STORE.toUpperCase() };
    const expected = { ...MUG, locationId: 'BIN', onHand: -0 };
    expect(
      parseCommand(
        { kind: 'RecordMovements', id, externalUuid: id, lines: [line], expect: [expected] },
        PLACES,
      )._unsafeUnwrap(),
    ).toEqual({
      kind: 'RecordMovements',
      id: id.toLowerCase(),
      externalUuid: id.toLowerCase(),
      tracking: [],
      lines: [{ ...MUG, from: PLACES.STORE, to: PLACES.SOLD, quantity: 1 }],
      expect: [{ ...MUG, locationId: PLACES.BIN, onHand: 0 }],
    });
  });

  it('shares nothing with its input', () => {
    const line = { ...LINE };
    const input = { ...COMMAND, lines: [line] };
    const command = parseCommand(input, PLACES)._unsafeUnwrap();
    line.quantity = 99;
    input.lines.length = 0;
    expect(command).toMatchObject({ lines: [{ quantity: 1 }] });
  });

  it('may have as many lines as allowed, no prototype, and tracking alone', () => {
    expect(parseCommand({ ...COMMAND, lines: Array(LINES_MAX).fill(LINE) }, PLACES).isOk()).toBe(true);
    expect(parseCommand(Object.assign(Object.create(null), COMMAND), PLACES).isOk()).toBe(true);
    const tracking = [{ kind: 'StopTracking', productId: MUG.productId }];
    expect(parseCommand({ kind: 'RecordMovements', id: uuid(1), tracking }, PLACES).isOk()).toBe(true);
  });

  it('reads a getter once', () => {
    let reads = 0;
    const line = Object.defineProperty({ ...LINE }, 'quantity', { get: () => ++reads, enumerable: true });
    expect(parseCommand({ ...COMMAND, lines: [line] }, PLACES)._unsafeUnwrap()).toMatchObject({
      lines: [{ quantity: 1 }],
    });
  });

  it('takes nothing from a polluted prototype', () => {
    const pollution = { value: uuid(66), configurable: true };
    Object.defineProperty(Object.prototype, 'externalUuid', pollution);
    try {
      expect(parseCommand(COMMAND, PLACES)._unsafeUnwrap()).toHaveProperty('externalUuid', null);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'externalUuid');
    }
  });

  it('opens a location of any type, never one of the system', () => {
    const { location } = { location: { ...OPENING.location, type: 'TRANSIT', name: '🚚 nach Süden' } };
    const command = parseCommand({ ...OPENING, location }, PLACES)._unsafeUnwrap();
    expect(command).toEqual({ ...OPENING, location: { ...location, system: false } });
  });
});

describe('a command that sets when stock is low', () => {
  const rule = { ...MUG, locationId: 'STORE' };
  const setting = (...rules: unknown[]) => ({ kind: 'SetLowStock', id: uuid(900), rules });

  it('has no level and no alert unless they are given; a level may be 0', () => {
    const rules = [rule, { ...rule, level: 0 }, { ...rule, locationId: PLACES.BIN, level: 7, alert: true }];
    const command = parseCommand(setting(...rules), PLACES)._unsafeUnwrap();
    const spelled = { ...MUG, locationId: PLACES.STORE, level: null, alert: false };
    expect(command).toEqual({
      kind: 'SetLowStock',
      id: uuid(900),
      rules: [spelled, { ...spelled, level: 0 }, { ...MUG, locationId: PLACES.BIN, level: 7, alert: true }],
    });
  });

  it.each([
    ['no rules', { kind: 'SetLowStock', id: uuid(900) }, ['rules: FieldMissing']],
    ['rules of none', setting(), ['rules: Empty']],
    ['rules that are text', { ...setting(), rules: 'x' }, ['rules: TypeInvalid']],
    ['1,001 rules', setting(...Array(LINES_MAX + 1).fill(rule)), ['rules: TooMany']],
    ['no id', { ...setting(rule), id: null }, ['id: FieldMissing']],
    ['an unknown field', { ...setting(rule), lines: [] }, [': FieldUnknown']],
    ['a rule that is null', setting(null), ['rules[0]: FieldMissing']],
    ['a level below 0', setting({ ...rule, level: -1 }), ['rules[0].level: QuantityInvalid']],
    ['a level in text', setting({ ...rule, level: '5' }), ['rules[0].level: TypeInvalid']],
    ['an alert in text', setting({ ...rule, alert: 'yes' }), ['rules[0].alert: TypeInvalid']],
    ['a location that is none', setting({ ...rule, locationId: 'SHELF' }), ['rules[0].locationId: UuidInvalid']],
    [
      'an empty rule',
      setting({}),
      ['rules[0].productId: FieldMissing', 'rules[0].variantId: FieldMissing', 'rules[0].locationId: FieldMissing'],
    ],
  ])('is refused with %s', (_, input, expected) => {
    expect(violationsOf(input)).toEqual(expected);
  });
});
