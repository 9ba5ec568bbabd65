import {
  LINES_MAX,
  type Override,
  PROVENANCE_TEXT_MAX,
  type ProvenanceInput,
  parseQuantity,
  QUANTITY_MAX,
  type Quantity,
  readUuid,
  SOURCE_LENGTH_MAX,
  type Uuid,
} from '@stockfold/core';
import * as v from 'valibot';
import { hasAmounts } from './amounts.ts';

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
      { type: 'number', exclusiveMinimum: 0, maximum: QUANTITY_MAX },
      { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?$' },
    ],
  }),
  hasAmounts(),
);

/** What is wrong with an input that is refused: already its type, or what it says. */
function wrong(content: string, ...types: readonly string[]): (issue: v.BaseIssue<unknown>) => string {
  return ({ input }) => (types.includes(typeof input) ? content : 'INVALID_TYPE');
}

/** One of some words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words): Schema<Words[number]> {
  return v.pipe(v.string('INVALID_TYPE'), v.picklist(words, 'INVALID_ENUM'), asJson({ enum: words }));
}

/** Why something out of the ordinary is done. */
export const reason: Schema<string> = v.pipe(
  v.string('INVALID_TYPE'),
  v.minLength(1, 'INVALID_REASON'),
  v.maxLength(256, 'INVALID_REASON'),
);

/** Leave to break floors, and why. */
export const override: Schema<Override> = object({ floors: v.literal(true, 'INVALID_ENUM'), reason });

const text = (lengthMax: number) =>
  v.nullish(
    v.pipe(
      v.string('INVALID_TYPE'),
      v.minLength(1, 'INVALID_PROVENANCE'),
      v.maxLength(lengthMax, 'INVALID_PROVENANCE'),
    ),
  );

/** A time with its zone; what is read is milliseconds since 1970. */
const time: Schema<number> = v.pipe(
  v.custom<string>(isTime, wrong('INVALID_TIME', 'string')),
  v.transform(text => Date.parse(text)),
  asJson({ type: 'string', format: 'date-time' }),
);

/** Where a request comes from. The ledger itself looks for what a text may not hold. */
export const provenance: Schema<ProvenanceInput> = object({
  source: text(SOURCE_LENGTH_MAX),
  externalId: text(PROVENANCE_TEXT_MAX),
  reason: text(PROVENANCE_TEXT_MAX),
  causedBy: v.nullish(uuid),
  occurredAt: v.nullish(time),
});

/** @see RFC 3339, section 5.6. A day that its month has not is none, though `Date.parse` takes it for one of the next. */
function isTime(input: unknown): boolean {
  if (typeof input !== 'string') return false;
  const [, day] = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.exec(input) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(input)) || Number.isNaN(Date.parse(day))) return false;
  return new Date(day).toISOString().startsWith(day);
}
