import { err, ok, type Result } from 'neverthrow';
import { readUuid, type Uuid } from '../model/id.ts';
import { LOCATION_TYPES, type LocationType, type SystemLocations } from '../model/location.ts';
import { FLOORS_MAX, type Floor, type Policy } from '../model/policy.ts';
import type { Violation } from '../model/rejection.ts';
import { type Fields, isAbsent, isPlainObject, Reader } from './reader.ts';

/**
 * Reads a policy: ids in lower case, safe integers, and nothing kept of a list that names nothing.
 *
 * @param input - Anything at all; an absent policy has no floors.
 * @returns The policy, or every violation of its shape, with paths that begin with `policy`.
 */
export function parsePolicy(input: unknown, system: SystemLocations): Result<Policy, readonly Violation[]> {
  const reader = new Reader(system);
  const policy = readPolicy(reader, input);
  return policy === null || reader.violations.length > 0 ? err(reader.violations) : ok(policy);
}

/** As {@link parsePolicy}, for a policy that is part of something else. */
export function readPolicy(reader: Reader, input: unknown): Policy | null {
  return reader.at(['policy'], () => {
    const fields = reader.object(input, ['floors', 'locations', 'variants']);
    if (fields === null) return null;
    const floors = readFloorsOfTypes(reader, fields.floors);
    const locations = readFloors(reader, fields.locations, 'locations', id => readPlace(reader.system, id));
    const variants = readFloors(reader, fields.variants, 'variants', readUuid);
    return { floors, ...(locations && { locations }), ...(variants && { variants }) };
  });
}

function readFloorsOfTypes(reader: Reader, input: unknown): Policy['floors'] {
  const floors: Partial<Record<LocationType, number>> = {};
  reader.at(['policy', 'floors'], () => {
    const fields = isAbsent(input) ? {} : (reader.object(input, LOCATION_TYPES) ?? {});
    for (const type of LOCATION_TYPES) {
      const floor = isAbsent(fields[type]) ? null : readFloor(reader, fields[type], type);
      if (floor !== null) floors[type] = floor;
    }
  });
  return floors;
}

/** Floors by id; null for none. */
function readFloors(
  reader: Reader,
  input: unknown,
  field: string,
  readId: (id: string) => Uuid | null,
): Readonly<Record<string, Floor>> | null {
  if (isAbsent(input)) return null;
  return reader.at(['policy', field], () => {
    if (!isPlainObject(input)) return reader.add(null, 'TypeInvalid', 'this is a plain object');
    const entries = Object.entries(input);
    if (entries.length > FLOORS_MAX) return reader.add(null, 'TooMany', `a policy names at most ${FLOORS_MAX}`);
    const floors: Fields = {};
    for (const [name, value] of entries) {
      const id = readId(name);
      if (id === null) reader.add(null, 'UuidInvalid', 'a floor stands under the id of what it is for');
      else if (Object.hasOwn(floors, id)) reader.add(id, 'NamedTwice', 'this id stands twice');
      else floors[id] = value === null ? null : readFloor(reader, value, id);
    }
    return entries.length === 0 ? null : (floors as Record<string, Floor>);
  });
}

function readPlace(system: SystemLocations, name: string): Uuid | null {
  return Object.hasOwn(system, name) ? system[name as keyof SystemLocations] : readUuid(name);
}

function readFloor(reader: Reader, input: unknown, field: string): number | null {
  if (typeof input !== 'number') return reader.add(field, 'TypeInvalid', 'a floor is a number');
  // -0 is read as 0.
  return Number.isSafeInteger(input) ? input + 0 : reader.add(field, 'FloorInvalid', 'a floor is a safe integer');
}
