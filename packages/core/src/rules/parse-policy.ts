import { err, ok, type Result } from 'neverthrow';
import { readUuid, type Uuid } from '../model/id.ts';
import { LOCATION_TYPES, type LocationType, type SystemLocations } from '../model/location.ts';
import { FLOORS_MAX, type Floor, type Policy, SCALE_INVALID } from '../model/policy.ts';
import type { Scale } from '../model/quantity.ts';
import type { Violation } from '../model/rejection.ts';
import { inside, integer, oneOf, optional, readPlace } from './read-values.ts';
import { type Fields, isPlainObject, type Read, Reader } from './reader.ts';

/**
 * Reads a policy: ids in lower case, safe integers, and nothing kept of a list that names nothing.
 *
 * @param input - Anything at all; an absent policy has no floors.
 * @returns The policy, or every violation of its shape, with paths that begin with `policy`.
 */
export function parsePolicy(input: unknown, system: SystemLocations): Result<Policy, readonly Violation[]> {
  const reader = new Reader(system);
  const policy = inside(readPolicy)(reader, input, 'policy');
  return policy === null || reader.violations.length > 0 ? err(reader.violations) : ok(policy);
}

/** As {@link parsePolicy}, for a policy that is part of something else. */
export const readPolicy: Read<Policy> = (reader, input) => {
  const fields = reader.object(input, ['floors', 'locations', 'variants', 'holds', 'scale']);
  if (fields === null) return null;
  const floors = floorsOfTypes(reader, fields.floors, 'floors') ?? {};
  const locations = floorsBy(id => readPlace(id, reader.system))(reader, fields.locations, 'locations');
  const variants = floorsBy(readUuid)(reader, fields.variants, 'variants');
  const holds = optional(oneOf(true, false))(reader, fields.holds, 'holds');
  const scale = (fields.scale ?? 0) as Scale;
  if (!SCALES.includes(scale)) reader.violations.push(SCALE_INVALID);
  return {
    floors,
    ...(locations && { locations }),
    ...(variants && { variants }),
    ...(holds && { holds }),
    ...(scale && { scale }),
  };
};

const SCALES: readonly unknown[] = [0, 1, 2, 3, 4, 5, 6];

const floorsOfTypes = optional(
  inside<Policy['floors']>((reader, input) => {
    const floors: Partial<Record<LocationType, number>> = {};
    const fields = reader.object(input, LOCATION_TYPES) ?? {};
    for (const type of LOCATION_TYPES) {
      const floor = readFloor(reader, fields[type], type);
      if (floor !== null) floors[type] = floor;
    }
    return floors;
  }),
);

/** Floors by id; null for none. */
function floorsBy(readId: (id: string) => Uuid | null): Read<Readonly<Record<string, Floor>>> {
  return optional(
    inside((reader, input) => {
      if (!isPlainObject(input)) return reader.add(null, 'TypeInvalid', 'must be a plain object');
      const entries = Object.entries(input);
      if (entries.length > FLOORS_MAX) return reader.add(null, 'TooMany', `at most ${FLOORS_MAX}`);
      const floors: Fields = {};
      for (const [name, value] of entries) {
        const id = readId(name);
        if (id === null) reader.add(null, 'UuidInvalid', 'must be a UUID');
        else if (Object.hasOwn(floors, id)) reader.add(id, 'NamedTwice', 'this stands twice');
        else floors[id] = value === null ? null : oneFloor(reader, value, id);
      }
      return entries.length === 0 ? null : (floors as Record<string, Floor>);
    }),
  );
}

const oneFloor = integer('FloorInvalid');
const readFloor = optional(oneFloor);
