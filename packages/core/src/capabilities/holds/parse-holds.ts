import type { Result } from 'neverthrow';
import type { Uuid } from '../../model/id.ts';
import type { SystemLocations } from '../../model/location.ts';
import type { Rejection } from '../../model/rejection.ts';
import { id, name, optional, parseWith, place, quantity, record, uuid } from '../../rules/read-values.ts';
import type { Read } from '../../rules/reader.ts';
import { HOLD_LINES_MAX } from './hold.ts';

/** A hold to place, read. */
export type HoldLine = Readonly<{ holdId: Uuid; locationId: Uuid; productId: Uuid; variantId: Uuid; quantity: number }>;

/** How much of a hold; null for all that is left. */
export type HoldPart = Readonly<{ holdId: Uuid; quantity: number | null }>;

/** What to hold, read. */
export type Reserve = Readonly<{ id: Uuid; owner: string; expiresAt: number | null; lines: readonly HoldLine[] }>;

/** What becomes of holds, read. `to` is null where nothing moves. */
export type Settle = Readonly<{ id: Uuid; to: Uuid | null; lines: readonly HoldPart[] }>;

/** Reads what to hold; `CommandInvalid` with every violation, with paths into the input. */
export function parseReserve(input: unknown, system: SystemLocations): Result<Reserve, Rejection> {
  return parseWith(reserve, input, system);
}

/** Reads which holds to post or release; `CommandInvalid` with every violation, with paths into the input. */
export function parseSettle(input: unknown, system: SystemLocations, isPost: boolean): Result<Settle, Rejection> {
  return isPost
    ? parseWith(post, input, system)
    : parseWith(release, input, system).map(read => ({ ...read, to: null }));
}

const time: Read<number> = (reader, value, field) => {
  // -0 is read as 0.
  if (Number.isSafeInteger(value) && (value as number) >= 0) return (value as number) + 0;
  return reader.add(field, 'TimeInvalid', 'must be a whole number of milliseconds since 1970');
};

const reserve = record<Reserve>({
  id,
  owner: name('NameInvalid'),
  expiresAt: optional(time),
  lines: linesOf(record<HoldLine>({ holdId: id, locationId: place, productId: uuid, variantId: uuid, quantity })),
});

const parts = linesOf(record<HoldPart>({ holdId: id, quantity: optional(quantity) }));
const post = record<Settle>({
  id,
  to: (reader, value, field) => place(reader, value ?? 'SOLD', field),
  lines: parts,
});
const release = record<Omit<Settle, 'to'>>({ id, lines: parts });

function linesOf<T extends Readonly<{ holdId: string }>>(item: Read<T>): Read<readonly T[]> {
  return (reader, value) => {
    const lines = reader.list(value, 'lines', item);
    if (lines === null || reader.violations.length > 0) return lines;
    if (lines.length === 0) return reader.add('lines', 'Empty', 'a request names at least one hold');
    if (lines.length > HOLD_LINES_MAX)
      return reader.add('lines', 'TooMany', `a request names at most ${HOLD_LINES_MAX} holds`);
    const names = new Set<string>();
    for (const [index, { holdId }] of lines.entries())
      if (names.size === names.add(holdId).size)
        reader.at(['lines', index], () => reader.add('holdId', 'NamedTwice', 'a request names each hold once'));
    return lines;
  };
}
