import { PROVENANCE_TEXT_MAX, type Provenance, SOURCE_LENGTH_MAX, TIME_MAX_MS } from '../model/provenance.ts';
import { id, inside, optional } from './read-values.ts';
import { type Fields, isAbsent, isStorableText, type Read } from './reader.ts';

/**
 * Reads where a command comes from, with paths that begin with `provenance`.
 *
 * @returns Only the fields that say something; null when none does, or for what could not be read, which is a violation.
 */
export const readProvenance: Read<Provenance> = optional(
  inside((reader, input) => {
    const fields = reader.object(input, Object.keys(FIELDS)) ?? {};
    const given: Fields = {};
    for (const [field, read] of Object.entries(FIELDS))
      if (!isAbsent(fields[field])) given[field] = read(reader, fields[field], field);
    return Object.keys(given).length === 0 ? null : (given as Provenance);
  }),
);

const FIELDS: Readonly<Record<keyof Provenance, Read<unknown>>> = {
  source: textOf(SOURCE_LENGTH_MAX),
  externalId: textOf(PROVENANCE_TEXT_MAX),
  reason: textOf(PROVENANCE_TEXT_MAX),
  causedBy: id,
  occurredAt: (reader, input, field) => {
    // -0 is read as 0.
    if (Number.isInteger(input) && Math.abs(input as number) <= TIME_MAX_MS) return (input as number) + 0;
    return reader.add(field, 'ProvenanceInvalid', 'must be whole milliseconds since 1970');
  },
};

function textOf(lengthMax: number): Read<unknown> {
  return (reader, input, field) => {
    if (isPlainText(input, lengthMax)) return input;
    return reader.add(field, 'ProvenanceInvalid', `must have 1 to ${lengthMax} characters, none of them a control`);
  };
}

/** Whether a text can be the name of a source. */
export function isSource(input: unknown): boolean {
  return isPlainText(input, SOURCE_LENGTH_MAX);
}

/** Whether a text can stand in a log or a feed as it is: one line, and no half of a character. */
function isPlainText(input: unknown, lengthMax: number): boolean {
  return (
    typeof input === 'string' &&
    input.length >= 1 &&
    input.length <= lengthMax &&
    isStorableText(input) &&
    !/\p{Cc}/u.test(input)
  );
}
