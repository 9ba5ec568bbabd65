import {
  LINES_MAX,
  type Override,
  parseQuantity,
  QUANTITY_MAX,
  type Quantity,
  readUuid,
  type Uuid,
} from '@stockfold/core';
import * as v from 'valibot';

/** What bodies are made of. The message of an issue is its `errorType`. */
export type Schema<T> = v.GenericSchema<unknown, T>;

/** What JSON Schema is told of a schema that it cannot see by itself. */
export function asJson<T>(jsonSchema: Readonly<Record<string, unknown>>): v.MetadataAction<T, { jsonSchema: object }> {
  return v.metadata({ jsonSchema });
}

/** `v.object` takes a list for an object without fields. */
export function object<const Entries extends v.ObjectEntries>(
  entries: Entries,
): Schema<v.InferOutput<v.ObjectSchema<Entries, string>>> {
  return v.pipe(
    v.custom<Record<string, unknown>>(input => typeof input === 'object' && !Array.isArray(input), 'INVALID_TYPE'),
    v.object(entries, 'INVALID_TYPE'),
  ) as Schema<v.InferOutput<v.ObjectSchema<Entries, string>>>;
}

/**
 * A list of at most 1,000. Looked at before the items: a body of a hundred thousand empty ones is refused for its length
 * alone.
 */
export function listOf<const Item extends v.GenericSchema>(
  item: Item,
  { atLeast = 0, tooMany = 'TOO_MANY_CHANGES' }: Readonly<{ atLeast?: 0 | 1; tooMany?: string }> = {},
): Schema<v.InferOutput<Item>[]> {
  return v.pipe(
    v.custom<unknown[]>(input => Array.isArray(input), 'INVALID_TYPE'),
    v.check(list => list.length <= LINES_MAX, tooMany),
    v.array(item, 'INVALID_TYPE'),
    v.minLength(atLeast, 'EMPTY_CHANGES'),
    asJson({ minItems: atLeast, maxItems: LINES_MAX }),
  ) as Schema<v.InferOutput<Item>[]>;
}

/** A UUID in any case; what is read is in lower case. */
export const uuid: Schema<Uuid> = v.pipe(
  v.custom<string>(input => readUuid(input) !== null, wrong('INVALID_UUID', 'string')),
  v.transform(id => id.toLowerCase() as Uuid),
  asJson({ type: 'string', format: 'uuid' }),
);

/** A number or a plain string of digits: the mirrored API's own sample sends `"1"`. */
export const change: Schema<Quantity> = v.pipe(
  v.custom<number | string>(input => parseQuantity(input).isOk(), wrong('INVALID_QUANTITY', 'number', 'string')),
  v.transform(quantity => Number(quantity) as Quantity),
  asJson({
    anyOf: [
      { type: 'integer', minimum: 1, maximum: QUANTITY_MAX },
      { type: 'string', pattern: '^[0-9]+$' },
    ],
  }),
);

/** What is wrong with an input that is refused: already its type, or what it says. */
function wrong(content: string, ...types: readonly string[]): (issue: v.BaseIssue<unknown>) => string {
  return ({ input }) => (types.includes(typeof input) ? content : 'INVALID_TYPE');
}

/** One of some words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words): Schema<Words[number]> {
  return v.pipe(v.string('INVALID_TYPE'), v.picklist(words, 'INVALID_ENUM'), asJson({ enum: words }));
}

/** Leave to break floors, and why. */
export const override: Schema<Override> = object({
  floors: v.literal(true, 'INVALID_ENUM'),
  reason: v.pipe(v.string('INVALID_TYPE'), v.minLength(1, 'INVALID_REASON'), v.maxLength(256, 'INVALID_REASON')),
});
