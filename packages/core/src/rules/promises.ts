import type { BalanceKey } from '../model/balance.ts';
import type { RecordMovements } from '../model/command.ts';
import type { LocationId, ProductId, VariantId } from '../model/id.ts';
import type { JsonValue } from '../model/json.ts';
import type { NoteKey } from '../model/note.ts';
import { type Reserved, readReserved, reservedKey } from '../model/reserved.ts';

/** A balance of which a command changes what is promised by holds. */
export type Promised = Readonly<{
  variantId: VariantId;
  locationId: LocationId;
  productId: ProductId;
  /** From then on. */
  reserved: Reserved;
  /** The position of its note. */
  index: number;
}>;

/** Nothing, as for nearly every command. */
const NONE: readonly Promised[] = [];

/** What some notes, as they are written, change about promises. */
export function promisesIn(
  notes: readonly (NoteKey & Readonly<{ body?: JsonValue | undefined }>)[] | undefined,
): readonly Promised[] {
  if (notes === undefined) return NONE;
  return notes.flatMap((note, index) => {
    const key = reservedKey(note);
    const reserved = readReserved(note.body);
    return key === null || reserved === null ? [] : [{ ...key, productId: reserved.productId, reserved, index }];
  });
}

/** The promises of a command. */
export function promisesOf(command: RecordMovements): readonly Promised[] {
  return promisesIn(command.notes);
}

/** What is promised of one balance; undefined where nothing changes. */
export function promisedOf(promises: readonly Promised[], { variantId, locationId }: BalanceKey): Promised | undefined {
  return promises.find(promised => promised.variantId === variantId && promised.locationId === locationId);
}
