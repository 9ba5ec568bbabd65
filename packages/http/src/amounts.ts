import { type AmountInvalid, formatQuantity, fromUnits, type Path, type Scale, toUnits } from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';
import * as v from 'valibot';

/** Where a body has amounts: it is one itself, or by the name of a field, `*` for every item or value. */
export type Amounts = 'here' | ReadonlyMap<string, Amounts>;

/** Says that a schema is that of an amount, or that of a body whose amounts stand elsewhere than its fields tell. */
export function hasAmounts<T>(amounts: Amounts | null = 'here'): v.MetadataAction<T, { amounts: Amounts | null }> {
  return v.metadata({ amounts });
}

/** Where the bodies of a schema have amounts; null where they have none. */
export function amountsOf(schema: Schema): Amounts | null {
  const { entries = {}, item, value, wrapped, options = [], pipe = [] } = schema as unknown as SchemaParts;
  for (const { metadata } of pipe) if (metadata?.amounts !== undefined) return metadata.amounts;
  const named = [...Object.entries(entries), ['*', item ?? value]] as const;
  const fields = new Map<string, Amounts>();
  for (const [name, field] of named) {
    const amounts = isSchema(field) ? amountsOf(field) : null;
    if (amounts !== null) fields.set(name, amounts);
  }
  if (fields.size > 0) return fields;
  const inner = [wrapped, ...options, ...pipe].filter(isSchema).map(amountsOf);
  return inner.find(amounts => amounts !== null) ?? null;
}

/**
 * Reads the decimals of a body as smallest units. What is no decimal at all is left for the schema to refuse.
 *
 * @returns The body; or each amount that has too many digits.
 */
export function readAmounts(
  body: unknown,
  amounts: Amounts | null,
  scale: Scale,
): Result<unknown, readonly AmountInvalid[]> {
  if (amounts === null || scale === 0) return ok(body);
  const invalid: AmountInvalid[] = [];
  const read = mapAmounts(body, amounts, (input, path) => {
    const units = toUnits(input, scale, path);
    if (units.isOk()) return units.value;
    if (units.error.reason !== 'not a number') invalid.push(units.error);
    return input;
  });
  return invalid.length === 0 ? ok(read) : err(invalid);
}

/** Writes the smallest units of a body as decimals: what was a text stays one. */
export function writeAmounts(body: unknown, amounts: Amounts | null, scale: Scale): unknown {
  if (amounts === null || scale === 0) return body;
  return mapAmounts(body, amounts, units => {
    if (typeof units === 'number') return fromUnits(units, scale);
    return typeof units === 'string' ? formatQuantity(Number(units), scale) : units;
  });
}

function mapAmounts(
  body: unknown,
  amounts: Amounts,
  map: (amount: unknown, path: Path) => unknown,
  path: Path = [],
): unknown {
  if (amounts === 'here') return map(body, path);
  if (typeof body !== 'object' || body === null) return body;
  const inside = (name: string | number, part: unknown) => {
    const within = amounts.get(String(name)) ?? amounts.get('*');
    return within === undefined ? part : mapAmounts(part, within, map, [...path, name]);
  };
  if (Array.isArray(body)) return body.map((item, index) => inside(index, item));
  return Object.fromEntries(Object.entries(body).map(([name, part]) => [name, inside(name, part)]));
}

type Schema = v.GenericSchema<unknown, unknown>;

/** As much of a schema of Valibot as is looked at here. */
type SchemaParts = Readonly<{
  entries?: Readonly<Record<string, unknown>>;
  item?: unknown;
  value?: unknown;
  wrapped?: unknown;
  options?: readonly unknown[];
  pipe?: readonly Readonly<{ kind: string; metadata?: { amounts?: Amounts } }>[];
}>;

function isSchema(part: unknown): part is Schema {
  return typeof part === 'object' && part !== null && 'kind' in part && part.kind === 'schema';
}
