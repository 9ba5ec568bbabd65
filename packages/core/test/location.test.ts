import { describe, expect, it } from 'vitest';
import { deriveSystemLocations, parseUuid, SYSTEM_LOCATION_TYPES, systemLocationList } from '../src/index.ts';
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
