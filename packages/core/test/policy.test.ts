import { describe, expect, it } from 'vitest';
import { FLOORS_MAX, floorOf, type PolicyInput, policyParts, samePolicy } from '../src/index.ts';
import { parsePolicy } from '../src/rules/parse-policy.ts';
import { LARGE_MUG, MUG, PLACES, PLATE, uuid, VAN } from './shop.ts';

const SHELF = { variantId: MUG.variantId, locationId: PLACES.STORE };
const parsed = (input: PolicyInput) => parsePolicy(input, PLACES)._unsafeUnwrap();
/** Where the floor of a policy is for mugs at a few places: the shelf, an annex, the van, the supplier. */
const ANNEX = uuid(31);
const floorsOf = (input: PolicyInput, { variantId } = MUG) =>
  (
    [
      [PLACES.STORE, 'STORE'],
      [ANNEX, 'STORE'],
      [VAN.id, 'TRANSIT'],
      [PLACES.SUPPLIER, 'SUPPLIER'],
    ] as const
  ).map(([locationId, type]) => floorOf(parsed(input), { variantId, locationId }, type));
const NONE = Number.NEGATIVE_INFINITY;

describe('the floor of a balance', () => {
  it('is that of the type of its location, and none for other types', () => {
    expect(floorsOf({ floors: { STORE: 0, TRANSIT: -3 } })).toEqual([0, 0, -3, NONE]);
    expect(floorsOf({})).toEqual([NONE, NONE, NONE, NONE]);
  });

  it('is that of its location before that of the type', () => {
    const locations = { [ANNEX]: 5, [VAN.id]: 1 };
    expect(floorsOf({ floors: { STORE: 0 }, locations })).toEqual([0, 5, 1, NONE]);
    expect(floorsOf({ locations: { STORE: 2 } })).toEqual([2, NONE, NONE, NONE]);
  });

  it('is that of its variant before that of the location', () => {
    const policy = { floors: { STORE: 0 }, locations: { [ANNEX]: 5 }, variants: { [MUG.variantId]: 3 } };
    expect(floorsOf(policy)).toEqual([3, 3, NONE, NONE]);
    expect(floorsOf(policy, PLATE)).toEqual([0, 5, NONE, NONE]);
  });

  it('of a variant is kept at every STORE, though no other floor is set', () => {
    expect(floorsOf({ variants: { [MUG.variantId]: 0 } })).toEqual([0, 0, NONE, NONE]);
  });

  it('of a variant is kept where a location or its type has one, and never where goods come from', () => {
    const variants = { [MUG.variantId]: 2 };
    expect(floorsOf({ floors: { TRANSIT: 0 }, variants })).toEqual([2, 2, 2, NONE]);
    expect(floorsOf({ locations: { [VAN.id]: 0 }, variants })).toEqual([2, 2, 2, NONE]);
  });

  it('is lifted by null: at a place for all variants, or for a variant at all places', () => {
    const floors = { STORE: 0 };
    expect(floorsOf({ floors, locations: { [ANNEX]: null }, variants: { [MUG.variantId]: 3 } })).toEqual([
      3,
      NONE,
      NONE,
      NONE,
    ]);
    expect(floorsOf({ floors, locations: { [ANNEX]: 5 }, variants: { [MUG.variantId]: null } })).toEqual([
      NONE,
      NONE,
      NONE,
      NONE,
    ]);
    expect(floorsOf({ floors, variants: { [LARGE_MUG.variantId]: null } })).toEqual([0, 0, NONE, NONE]);
  });

  it('is none that somebody put on every object', () => {
    Object.assign(Object.prototype, { STORE: 7, [MUG.variantId]: 8, [PLACES.STORE]: 9 });
    try {
      expect(floorOf({ floors: {} }, SHELF, 'STORE')).toBe(NONE);
      expect(floorOf({ floors: {}, locations: {}, variants: {} }, SHELF, 'STORE')).toBe(NONE);
    } finally {
      for (const name of ['STORE', MUG.variantId, PLACES.STORE]) Reflect.deleteProperty(Object.prototype, name);
    }
  });
});

describe('two policies', () => {
  it('are the same when they say the same, in any order', () => {
    expect(samePolicy({ floors: { STORE: 0, BIN: 1 } }, { floors: { BIN: 1, STORE: 0 } })).toBe(true);
    expect(samePolicy({ floors: { STORE: 0 } }, { floors: { STORE: 1 } })).toBe(false);
    expect(samePolicy({ floors: { STORE: 0 } }, { floors: {} })).toBe(false);
    expect(samePolicy({ floors: {} }, { floors: { STORE: 0 } })).toBe(false);
    const one = parsed({ variants: { [MUG.variantId]: 1, [PLATE.variantId]: null } });
    const other = parsed({ variants: { [PLATE.variantId]: null, [MUG.variantId]: 1 } });
    expect(samePolicy(one, other)).toBe(true);
    expect(samePolicy(one, parsed({ variants: { [MUG.variantId]: 1 } }))).toBe(false);
    expect(samePolicy(one, parsed({ locations: { [MUG.variantId]: 1, [PLATE.variantId]: null } }))).toBe(false);
    expect(samePolicy({ floors: {}, scale: 2 }, { floors: {}, scale: 3 })).toBe(false);
    expect(samePolicy({ floors: {}, scale: 2 }, { floors: {} })).toBe(false);
    expect(policyParts({ floors: {} })).toEqual([]);
    expect(policyParts({ scale: 2, floors: { STORE: 0 } })).toEqual([
      ['floors', [['STORE', 0]]],
      ['scale', [2]],
    ]);
    expect(policyParts(one)).toEqual([
      [
        'variants',
        [
          [MUG.variantId, 1],
          [PLATE.variantId, null],
        ],
      ],
    ]);
  });
});

describe('a policy as it is written', () => {
  it('is read in either case, with the names of system locations, and without what says nothing', () => {
    expect(
      parsed({
        floors: { STORE: -0, BIN: null, SOLD: undefined },
        locations: { STORE: 1, [VAN.id.toUpperCase()]: null },
        variants: {},
      }),
    ).toEqual({ floors: { STORE: 0 }, locations: { [PLACES.STORE]: 1, [VAN.id]: null } });
    expect(Object.is(parsed({ floors: { STORE: -0 } }).floors.STORE, 0)).toBe(true);
  });

  it('keeps holds when it says so, and only then', () => {
    expect(parsed({ holds: true })).toEqual({ floors: {}, holds: true });
    for (const holds of [false, undefined]) expect(parsed({ holds })).toEqual({ floors: {} });
  });

  it('names all that is wrong with it', () => {
    const violations = parsePolicy(
      {
        floors: { SHOP: 0 },
        locations: { shop: 1, STORE: 0.5, [PLACES.STORE]: 1, [VAN.id]: '0' },
        variants: [],
        holds: 'yes',
      },
      PLACES,
    )._unsafeUnwrapErr();
    expect(violations.map(({ kind, path }) => [kind, path])).toEqual([
      ['FieldUnknown', ['policy', 'floors']],
      ['UuidInvalid', ['policy', 'locations']],
      ['FloorInvalid', ['policy', 'locations', PLACES.STORE]],
      ['NamedTwice', ['policy', 'locations', PLACES.STORE]],
      ['TypeInvalid', ['policy', 'locations', VAN.id]],
      ['TypeInvalid', ['policy', 'variants']],
      ['TypeInvalid', ['policy', 'holds']],
    ]);
    const kindOf = (input: unknown) => parsePolicy(input, PLACES)._unsafeUnwrapErr()[0]?.kind;
    expect([kindOf(null), kindOf([]), kindOf({ floor: 0 }), kindOf({ floors: { STORE: Number.NaN } })]).toEqual([
      'FieldMissing',
      'TypeInvalid',
      'FieldUnknown',
      'FloorInvalid',
    ]);
  });

  it('has a scale of 0 to 6, and none for 0', () => {
    for (const scale of [1, 2, 3, 4, 5, 6] as const) expect(parsed({ scale })).toEqual({ floors: {}, scale });
    for (const scale of [0, -0, undefined, null])
      expect(parsePolicy({ scale }, PLACES)).toEqual(parsePolicy({}, PLACES));
    for (const scale of [7, -1, 0.5, '2', Number.NaN, {}])
      expect(parsePolicy({ scale }, PLACES)._unsafeUnwrapErr()).toMatchObject([
        { kind: 'ScaleInvalid', path: ['policy', 'scale'] },
      ]);
  });

  it(`names at most ${FLOORS_MAX} locations, and as many variants`, () => {
    const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [uuid(index), 0]));
    expect(parsePolicy({ locations: named(FLOORS_MAX), variants: named(FLOORS_MAX) }, PLACES).isOk()).toBe(true);
    const many = parsePolicy({ variants: named(FLOORS_MAX + 1) }, PLACES)._unsafeUnwrapErr();
    expect(many.map(({ kind, path }) => [kind, path])).toEqual([['TooMany', ['policy', 'variants']]]);
  });
});
