import type { BalanceKey } from './balance.ts';
import { type LocationId, type ProductId, readUuid, type VariantId } from './id.ts';
import type { JsonValue } from './json.ts';
import type { NoteKey } from './note.ts';

/** The kind of the notes of open holds, under their balance. */
export const HELD_KIND = 'held';

/** The kind of the notes that say how much of a balance is promised: the only ones that a rule reads. */
export const RESERVED_KIND = 'reserved';

/** Until when how much is promised: milliseconds since 1970, null for ever; smallest units. */
export type ReservedUntil = readonly [expiresAt: number | null, quantity: number];

/** How much of a balance is promised by holds: the body of a note of kind {@link RESERVED_KIND}. */
export type Reserved = Readonly<{
  productId: ProductId;
  /** When it was written, in milliseconds since 1970. What had expired by then is not in it. */
  at: number;
  /** Each time once. */
  until: readonly ReservedUntil[];
}>;

/** Names the note that says what is promised of a balance. */
export function reservedNote({ locationId, variantId }: BalanceKey): NoteKey {
  return { kind: RESERVED_KIND, id: `${locationId}.${variantId}` };
}

/** The balance that a note of kind {@link RESERVED_KIND} is about; null for any other note. */
export function reservedKey({ kind, id }: NoteKey): BalanceKey | null {
  return kind === RESERVED_KIND ? keyOf(id, 2) : null;
}

/** The balance that an open hold is of; null for any note but one of kind {@link HELD_KIND}. */
export function heldKey({ kind, id }: NoteKey): BalanceKey | null {
  return kind === HELD_KIND ? keyOf(id, 3) : null;
}

function keyOf(id: string, parts: number): BalanceKey | null {
  const ids = id.split('.').flatMap(part => readUuid(part) ?? []);
  const [locationId, variantId] = ids as unknown as readonly [LocationId, VariantId];
  // One spelling alone: a note under another one would be a second promise of the same balance.
  return ids.length === parts && ids.join('.') === id ? { locationId, variantId } : null;
}

/** What the body of such a note says; null for a note that is not there, or that says something else. */
export function readReserved(body: JsonValue | undefined): Reserved | null {
  const reserved = body as Reserved | null | undefined;
  const isNone = readUuid(reserved?.productId) === null || !Array.isArray(reserved?.until);
  return isNone ? null : (reserved as Reserved);
}

/**
 * How much is promised at a time. What expires then is promised no more, whether or not anybody has written so.
 *
 * @param at - Milliseconds since 1970.
 * @returns Smallest units; 0 where nothing was ever promised.
 */
export function reservedAt(reserved: Reserved | null, at: number): number {
  let sum = 0;
  for (const [expiresAt, quantity] of reserved?.until ?? []) if (expiresAt === null || expiresAt > at) sum += quantity;
  return sum;
}
