import type { BalanceKey } from '../../model/balance.ts';
import type { LocationId, VariantId } from '../../model/id.ts';
import type { JsonValue } from '../../model/json.ts';
import type { Note, NoteKey, NoteWrite } from '../../model/note.ts';
import { HELD_KIND, type Reserved, type ReservedUntil, reservedNote } from '../../model/reserved.ts';
import { HOLD_TIMES_MAX, type Hold, type HoldEnd } from './hold.ts';

// Three notes keep a hold: `hold` says by its id which balance it is of, or how it has ended, and stays; `held` is the
// hold itself, under its balance, and is there as long as it is open; `reserved` adds up what is held of the balance, for
// the rule that keeps it from others. All that changes one of the last two names the sequence that it has seen.

/** What is known of a hold by its id alone. */
export type Pointer = BalanceKey | Readonly<{ end: HoldEnd }>;

/** A hold, and the sequence that wrote it last. */
export type Held = Readonly<{ hold: Hold; sequence: number }>;

/** What is promised of a balance, as it was written last. */
export type Sheet = Readonly<{ key: BalanceKey; reserved: Reserved | null; sequence: number }>;

/** What becomes of a hold: how much more of its balance is promised, below 0 for less. */
export type Change = Readonly<{ hold: Hold; delta: number }>;

/** Names the note that says where a hold is. */
export function pointerNote(holdId: string): NoteKey {
  return { kind: 'hold', id: holdId };
}

/** Names the note of an open hold. */
export function heldNote({ holdId, ...key }: BalanceKey & Readonly<{ holdId: string }>): NoteKey {
  return { kind: HELD_KIND, id: `${reservedNote(key).id}.${holdId}` };
}

/** An open hold out of its note. */
export function readHeld({ id, body, sequence }: Note): Held {
  const [locationId, variantId, holdId] = id.split('.') as [LocationId, VariantId, string];
  return { hold: { ...(body as unknown as Hold), locationId, variantId, holdId }, sequence };
}

/** The notes of a hold that is placed. */
export function placing(hold: Hold): readonly NoteWrite[] {
  const { locationId, variantId } = hold;
  return [
    { ...pointerNote(hold.holdId), body: { locationId, variantId }, ifSequence: 0 },
    { ...heldNote(hold), body: bodyOf(hold) },
  ];
}

/** The notes of a hold of which something is left, or that ends. */
export function leaving({ hold, sequence: ifSequence }: Held, left: number, end: HoldEnd): readonly NoteWrite[] {
  if (left > 0) return [{ ...heldNote(hold), body: bodyOf({ ...hold, quantity: left }), ifSequence }];
  return [
    { ...pointerNote(hold.holdId), body: { end } },
    { ...heldNote(hold), body: null, ifSequence },
  ];
}

function bodyOf({ productId, quantity, owner, placedAt, expiresAt }: Hold): JsonValue {
  return { productId, quantity, owner, placedAt, expiresAt };
}

/** By when a balance is looked at: no earlier than what is promised of it was written, whatever a clock says. */
export function timeOf({ reserved }: Sheet, now: number): number {
  return Math.max(now, reserved?.at ?? now);
}

/** What is promised of a balance after some changes of its holds; null where that is more than can be kept. */
export function promising(sheet: Sheet, changes: readonly Change[], now: number): NoteWrite | null {
  const at = timeOf(sheet, now);
  const until = new Map<number | null, number>(sheet.reserved?.until);
  for (const { hold, delta } of changes) until.set(hold.expiresAt, (until.get(hold.expiresAt) ?? 0) + delta);
  const kept = [...until].filter(([expiresAt, quantity]) => quantity > 0 && (expiresAt === null || expiresAt > at));
  const sum = kept.reduce((total, [, quantity]) => total + quantity, 0);
  if (kept.length > HOLD_TIMES_MAX || !Number.isSafeInteger(sum)) return null;
  const [productId] = changes.map(({ hold }) => hold.productId);
  const body = { productId: productId as string, at, until: kept.sort(byTime) };
  return { ...reservedNote(sheet.key), body, ifSequence: sheet.sequence };
}

function byTime([a]: ReservedUntil, [b]: ReservedUntil): number {
  return (a ?? Number.POSITIVE_INFINITY) < (b ?? Number.POSITIVE_INFINITY) ? -1 : 1;
}
