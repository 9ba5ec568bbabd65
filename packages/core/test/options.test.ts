import { describe, expect, it, vi } from 'vitest';
import {
  createLedger,
  deriveSystemLocations,
  type LedgerOptions,
  type LedgerStore,
  parseUuid,
  uuidV7,
} from '../src/index.ts';
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

  it('makes ids of version 7, which begin with the millisecond they were made in', () => {
    const { newId } = createLedger({ store });
    const before = Date.now();
    const ids = Array.from({ length: 1_000 }, newId);
    const after = Date.now();
    const times = ids.map(id => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
    expect(times.filter(time => time < before || time > after)).toEqual([]);
    expect(ids.filter(id => id[14] !== '7')).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([-1, 0, 1.5, 2 ** 48 - 1])('makes ids that are UUIDs when the clock of the runtime says %s', now => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(now);
    const id = uuidV7();
    clock.mockRestore();
    expect(parseUuid(id).isOk()).toBe(true);
  });

  it('calls no store for a bad command', async () => {
    const ledger = createLedger({ store });
    expect((await ledger.execute({ kind: 'RecordMovements', id: 'x' }))._unsafeUnwrapErr().kind).toBe('CommandInvalid');
  });
});

it.each(['groupMax', 'queueMax', 'storeTimeoutMs', 'setTimer'] as const)(
  'a %s that is none is thrown at once',
  name => {
    for (const bad of [0, -1, 1.5, Number.NaN, 'x'])
      expect(() => createLedger({ store, [name]: bad as never })).toThrow(name);
  },
);

describe('a program that gives no store, or a policy without floors', () => {
  it('is told so at once', () => {
    expect(() => createLedger({ store: undefined as never })).toThrow('store is a LedgerStore');
    expect(() => createLedger({ store: {} as never })).toThrow('store is a LedgerStore');
  });

  it('has a policy that allows everything', () => {
    const store = { commit: () => undefined } as never;
    expect(() => createLedger({ store, policy: {} as never })).not.toThrow();
  });
});
