import { describe, expect, it } from 'vitest';
import {
  parseBalanceAt,
  parseBalanceQuery,
  parseJournalQuery,
  parseLowStockQuery,
  parseNoteQuery,
  parsePostingQuery,
  parseProductQuery,
  parseWatchQuery,
} from '../src/ledger/query.ts';
import { compareKeys } from '../src/model/balance.ts';
import { DEFAULT_ORGANIZATION_ID, type Uuid } from '../src/model/id.ts';
import { deriveSystemLocations } from '../src/model/location.ts';

const system = deriveSystemLocations(DEFAULT_ORGANIZATION_ID);
const context = { organizationId: DEFAULT_ORGANIZATION_ID, system };
const VARIANT = '78194842-5f0f-11ec-bf63-0242ac130002';
const CURSOR = `${VARIANT}.${system.STORE}`;
const any = (input: unknown) => input as never;

describe('a query for balances', () => {
  it('takes up to 10,000 of them', () => {
    expect(parseBalanceQuery({ limit: 10_000 }, context)._unsafeUnwrap().limit).toBe(10_000);
  });

  it('knows the names of system locations, ids in any case, and each id once', () => {
    const query = { locationId: 'BIN', variantIds: [VARIANT.toUpperCase(), VARIANT], cursor: CURSOR, asOf: 0 };
    expect(parseBalanceQuery(query, context)._unsafeUnwrap()).toMatchObject({
      locationId: system.BIN,
      variantIds: [VARIANT],
      cursor: CURSOR,
      asOf: 0,
      limit: 100,
    });
  });

  it.each([
    ['query', null],
    ['query', 'STORE'],
    ['locationId', { locationId: 'SHELF' }],
    ['variantIds', { variantIds: 'all' }],
    ['variantIds', { variantIds: ['x'] }],
    ['variantIds', { variantIds: Array(1_001).fill(VARIANT) }],
    ['productIds', { productIds: [7] }],
    ['variantIds', { variantIds: Object.assign([], { 1: VARIANT }) }],
    ['nonZero', { nonZero: 'yes' }],
    ['asOf', { asOf: 1.5 }],
    ['asOf', { asOf: -1 }],
    ['cursor', { cursor: 7 }],
    ['cursor', { cursor: VARIANT }],
    ['cursor', { cursor: `${CURSOR}.${VARIANT}` }],
    ['cursor', { cursor: CURSOR.toUpperCase() }],
    ['limit', { limit: 0 }],
    ['limit', { limit: 10_001 }],
    ['limit', { limit: Number.NaN }],
  ])('names %s when it is wrong in %j', (field, input) => {
    expect(parseBalanceQuery(any(input), context)._unsafeUnwrapErr()).toEqual({
      kind: 'QueryInvalid',
      retry: 'never',
      field,
    });
  });
});

describe('a query that leaves a source out', () => {
  it('knows the source word for word', () => {
    const query = { exceptSource: 'Till 1' };
    expect(parseJournalQuery(query, context)._unsafeUnwrap()).toMatchObject({ ...query, after: 0 });
    expect(parseWatchQuery(query, context)._unsafeUnwrap()).toMatchObject(query);
    const posting = any({ locationId: 'STORE', variantId: VARIANT, ...query });
    expect(parsePostingQuery(posting, context)._unsafeUnwrap()).not.toHaveProperty('exceptSource');
  });

  it.each(['', 's'.repeat(65), 'two\nlines', 7, null])('names the source when it is none: %j', exceptSource => {
    for (const parse of [parseJournalQuery, parseWatchQuery])
      expect(parse(any({ exceptSource }), context)._unsafeUnwrapErr().field).toBe('exceptSource');
  });
});

describe('a query for one balance', () => {
  it.each([
    ['query', null],
    ['locationId', { variantId: VARIANT }],
    ['variantId', { locationId: 'STORE' }],
    ['variantId', { locationId: 'STORE', variantId: 'mug' }],
    ['asOf', { locationId: 'STORE', variantId: VARIANT, asOf: '1' }],
  ])('names %s when it is wrong in %j', (field, input) => {
    expect(parseBalanceAt(any(input), context)._unsafeUnwrapErr()).toMatchObject({ kind: 'QueryInvalid', field });
  });

  it('needs no asOf', () => {
    const query = { locationId: 'STORE', variantId: VARIANT };
    expect(parseBalanceAt(query, context)._unsafeUnwrap()).toMatchObject({
      locationId: system.STORE,
      variantId: VARIANT,
    });
    expect(parseBalanceAt(query, context)._unsafeUnwrap().asOf).toBeUndefined();
  });
});

describe('a query for the journal', () => {
  it('begins after a sequence, or where the page before has ended', () => {
    expect(parseJournalQuery({}, context)._unsafeUnwrap()).toMatchObject({ after: 0, limit: 100 });
    expect(parseJournalQuery({ after: 7 }, context)._unsafeUnwrap()).toMatchObject({ after: 7 });
    expect(parseJournalQuery({ cursor: '12', limit: 5 }, context)._unsafeUnwrap()).toMatchObject({
      after: 12,
      limit: 5,
    });
  });

  it.each([
    ['query', null],
    ['after', { after: -1 }],
    ['after', { after: '1' }],
    ['cursor', { cursor: 'x' }],
    ['cursor', { cursor: 7 }],
    ['cursor', { cursor: '9999999999999999' }],
    ['cursor', { cursor: '1', after: 1 }],
    ['limit', { limit: 1_001 }],
    ['limit', { limit: 1e9 }],
  ])('names %s when it is wrong in %j', (field, input) => {
    expect(parseJournalQuery(any(input), context)._unsafeUnwrapErr()).toMatchObject({ kind: 'QueryInvalid', field });
  });
});

describe('the order of balances', () => {
  const key = (variantId: string, locationId: string) => ({
    variantId: variantId as Uuid,
    locationId: locationId as Uuid,
  });

  it('is by variant, then by location', () => {
    const keys = [key('b', 'a'), key('a', 'b'), key('a', 'a')];
    expect([...keys].sort(compareKeys)).toEqual([key('a', 'a'), key('a', 'b'), key('b', 'a')]);
    expect(compareKeys(key('a', 'a'), key('a', 'a'))).toBe(0);
  });
});

describe('a query that throws when it is read', () => {
  it('is a wrong query', () => {
    const hostile = () =>
      parseBalanceQuery(any(new Proxy({}, { get: () => expect.unreachable('thrown on purpose') })), context);
    expect(hostile()._unsafeUnwrapErr()).toEqual({ kind: 'QueryInvalid', retry: 'never', field: 'query' });
  });
});

describe('a query for tracked products', () => {
  it('reads ids in any case, and the last id of the page before', () => {
    const query = { productIds: [VARIANT.toUpperCase()], cursor: VARIANT };
    expect(parseProductQuery(query, context)._unsafeUnwrap()).toEqual({
      organizationId: DEFAULT_ORGANIZATION_ID,
      productIds: [VARIANT],
      cursor: VARIANT,
      limit: 100,
    });
  });

  it.each([
    ['query', null],
    ['productIds', { productIds: ['x'] }],
    ['cursor', { cursor: VARIANT.toUpperCase() }],
    ['limit', { limit: 0 }],
  ])('names %s when it is wrong in %j', (field, input) => {
    expect(parseProductQuery(any(input), context)._unsafeUnwrapErr().field).toBe(field);
  });
});

describe('a query for low-stock rules', () => {
  it('knows the names of system locations, and no more fields than it has', () => {
    const query = { locationId: 'STORE', cursor: CURSOR, asOf: 7, limit: 3 };
    const read = parseLowStockQuery(query, context)._unsafeUnwrap();
    expect(read).toMatchObject({ locationId: system.STORE, cursor: CURSOR, limit: 3 });
    expect(read).not.toMatchObject({ asOf: 7 });
  });

  it.each([
    ['query', null],
    ['locationId', { locationId: 'SHELF' }],
    ['productIds', { productIds: 'all' }],
    ['cursor', { cursor: VARIANT }],
    ['limit', { limit: 1_001 }],
  ])('names %s when it is wrong in %j', (field, input) => {
    expect(parseLowStockQuery(any(input), context)._unsafeUnwrapErr().field).toBe(field);
  });
});

describe('a query for notes', () => {
  it('is of one kind, from the beginning, 100 at a time', () => {
    expect(parseNoteQuery({ kind: 'hold' }, context)._unsafeUnwrap()).toEqual({
      organizationId: DEFAULT_ORGANIZATION_ID,
      kind: 'hold',
      limit: 100,
    });
    const page = { kind: 'a-b', prefix: 'h', cursor: ' ~', limit: 1_000 };
    expect(parseNoteQuery(page, context)._unsafeUnwrap()).toMatchObject(page);
  });

  it.each([
    ['query', null],
    ['query', 'hold'],
    ['kind', {}],
    ['kind', { kind: '' }],
    ['kind', { kind: 'HOLD' }],
    ['kind', { kind: 1 }],
    ['prefix', { kind: 'hold', prefix: '' }],
    ['prefix', { kind: 'hold', prefix: 'é' }],
    ['cursor', { kind: 'hold', cursor: 'a\n' }],
    ['cursor', { kind: 'hold', cursor: 7 }],
    ['limit', { kind: 'hold', limit: 0 }],
    ['limit', { kind: 'hold', limit: 1_001 }],
  ])('names a wrong %s', (field, input) => {
    expect(parseNoteQuery(any(input), context)._unsafeUnwrapErr()).toEqual({
      kind: 'QueryInvalid',
      retry: 'never',
      field,
    });
  });
});
