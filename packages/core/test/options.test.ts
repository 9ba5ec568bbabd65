import { describe, expect, it } from 'vitest';
import { createLedger, deriveSystemLocations, type LedgerOptions, type LedgerStore, parseUuid } from '../src/index.ts';
import { parseBalanceQuery, parseJournalQuery } from '../src/ledger/query.ts';
import { PLACES, SHOP, uuid } from './shop.ts';

/** A store that must not be called. */
const store = new Proxy({ durability: 'memory' } as LedgerStore, {
  get: (_, name) => (name === 'durability' ? 'memory' : () => expect.unreachable(`${String(name)} was called`)),
});

describe('a mistake in the options is thrown at once', () => {
  const bad: readonly (readonly [string, unknown])[] = [
    ['no store', { store: {} }],
    ['an organization that is no UUID', { organizationId: 'shop' }],
    ['a policy for no type of location', { policy: { floors: { SHOP: 0 } } }],
    ['a floor that is no whole number', { policy: { floors: { STORE: 0.5 } } }],
    ['a floor that is no number', { policy: { floors: { STORE: Number.NaN } } }],
    ['a system location that is no UUID', { systemLocations: { ...PLACES, BIN: 'bin' } }],
    ['a system location less', { systemLocations: { ...PLACES, BIN: undefined } }],
    ['one system location twice', { systemLocations: { ...PLACES, BIN: PLACES.SOLD.toUpperCase() } }],
    ['a clock that is a number', { clock: 5 }],
    ['a newId that is a string', { newId: 'id' }],
  ];
  it.each(bad)('%s', (_, options) => {
    expect(() => createLedger({ store, ...(options as Partial<LedgerOptions>) })).toThrow(TypeError);
  });
});

describe('a ledger', () => {
  it('derives its system locations from its organization', () => {
    expect(createLedger({ store, organizationId: SHOP.toUpperCase() }).systemLocations).toEqual(
      deriveSystemLocations(SHOP),
    );
  });

  it('makes ids that are UUIDs, or those of newId', () => {
    const { newId } = createLedger({ store });
    expect(parseUuid(newId()).isOk()).toBe(true);
    expect(newId()).not.toBe(newId());
    expect(createLedger({ store, newId: () => uuid(5) }).newId()).toBe(uuid(5));
  });

  it('calls no store for a bad command', async () => {
    const ledger = createLedger({ store });
    expect((await ledger.execute({ kind: 'RecordMovements', id: 'x' }))._unsafeUnwrapErr().kind).toBe('CommandInvalid');
  });
});

const CONTEXT = { organizationId: SHOP, system: PLACES };
const CURSOR = `${uuid(1)}.${uuid(2)}`;

describe('a query', () => {
  it.each<[string, unknown]>([
    ['locationId', { locationId: 'TRANSIT' }],
    ['locationId', { locationId: null }],
    ['variantIds', { variantIds: uuid(1) }],
    ['variantIds', { variantIds: ['x'] }],
    ['variantIds', { variantIds: Array(1_001).fill(uuid(1)) }],
    ['productIds', { productIds: [1] }],
    ['nonZero', { nonZero: 1 }],
    ['asOf', { asOf: -1 }],
    ['asOf', { asOf: 1.5 }],
    ['asOf', { asOf: '1' }],
    ['cursor', { cursor: 'x' }],
    ['cursor', { cursor: `${CURSOR}.${uuid(3)}` }],
    ['limit', { limit: 0 }],
    ['limit', { limit: 1_001 }],
    ['limit', { limit: Number.NaN }],
    ['query', null],
  ])('for balances is refused for its %s', (field, input) => {
    const refusal = { kind: 'QueryInvalid', retry: 'never', field };
    expect(
      parseBalanceQuery(Object(input) === input ? Object(input) : JSON.parse('null'), CONTEXT)._unsafeUnwrapErr(),
    ).toEqual(refusal);
  });

  it('for balances has ids in lower case, each once, and a limit', () => {
    const variantIds = [uuid(1).toUpperCase(), uuid(1), uuid(2)];
    expect(
      parseBalanceQuery({ locationId: 'STORE', variantIds, asOf: 0, cursor: CURSOR }, CONTEXT)._unsafeUnwrap(),
    ).toEqual({
      organizationId: SHOP,
      locationId: PLACES.STORE,
      variantIds: [uuid(1), uuid(2)],
      asOf: 0,
      cursor: CURSOR,
      limit: 100,
    });
  });

  it.each([
    ['after', { after: -1 }],
    ['after', { after: 0.5 }],
    ['cursor', { cursor: 'x' }],
    ['cursor', { cursor: '1', after: 1 }],
    ['cursor', { cursor: '-1' }],
    ['limit', { limit: 1e9 }],
  ])('for the journal is refused for its %s', (field, input) => {
    expect(parseJournalQuery(input, CONTEXT)._unsafeUnwrapErr()).toEqual({
      kind: 'QueryInvalid',
      retry: 'never',
      field,
    });
  });

  it('for the journal goes on from its cursor', () => {
    expect(parseJournalQuery({ cursor: '7', limit: 5 }, CONTEXT)._unsafeUnwrap()).toEqual({
      organizationId: SHOP,
      after: 7,
      limit: 5,
    });
    expect(parseJournalQuery({}, CONTEXT)._unsafeUnwrap()).toEqual({ organizationId: SHOP, after: 0, limit: 100 });
  });
});
