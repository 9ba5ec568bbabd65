import { describe, expect, it } from 'vitest';
import {
  deriveSystemLocations,
  floorOf,
  parseUuid,
  SYSTEM_LOCATION_TYPES,
  samePolicy,
  systemLocationList,
} from '../src/index.ts';
import { SHOP, uuid } from './shop.ts';

describe('system locations', () => {
  it('are four different UUIDs, other than the organization', () => {
    const ids = Object.values(deriveSystemLocations(SHOP));
    expect(new Set([SHOP, ...ids]).size).toBe(5);
    expect(ids.every(id => parseUuid(id).isOk())).toBe(true);
  });

  it('are the same for whoever derives them, and others for another organization', () => {
    expect(deriveSystemLocations(SHOP)).toEqual(deriveSystemLocations(SHOP));
    const others = new Set(Object.values(deriveSystemLocations(uuid(2))));
    expect(Object.values(deriveSystemLocations(SHOP)).some(id => others.has(id))).toBe(false);
  });

  it('are listed as STORE, SUPPLIER, SOLD, BIN', () => {
    const list = systemLocationList(deriveSystemLocations(SHOP));
    expect(list.map(location => location.type)).toEqual(SYSTEM_LOCATION_TYPES);
    expect(list.every(location => location.system && location.name === location.type)).toBe(true);
  });
});

describe('a policy', () => {
  it('has a floor for the types it names, and none for others', () => {
    const policy = { floors: { STORE: 0, TRANSIT: -3 } };
    expect([floorOf(policy, 'STORE'), floorOf(policy, 'TRANSIT'), floorOf(policy, 'BIN')]).toEqual([0, -3, -Infinity]);
  });

  it('is the same when its floors are, in any order', () => {
    expect(samePolicy({ floors: { STORE: 0, BIN: 1 } }, { floors: { BIN: 1, STORE: 0 } })).toBe(true);
    expect(samePolicy({ floors: { STORE: 0 } }, { floors: { STORE: 1 } })).toBe(false);
    expect(samePolicy({ floors: { STORE: 0 } }, { floors: {} })).toBe(false);
    expect(samePolicy({ floors: {} }, { floors: { STORE: 0 } })).toBe(false);
  });
});
