import type { LocationId } from '@stockfold/core';
import type { Past, VariantRow } from './schema.ts';

/** One posting on a variant: after this record the balance at a location is `onHand`. */
export type RowPosting = Readonly<{ sequence: number; locationId: LocationId; onHand: number }>;

/** The most numbers that a row carries of its past; when a commit finds more, they become a row of their own. */
export const POSTINGS_INLINE = 96;

/** A row moved on, and the part of its past that no longer fits into it. */
export type Moved = Readonly<{ row: VariantRow; spilled: (Past & { last: number }) | null }>;

/**
 * A row after the postings of one commit, in order. Rows are never changed in place: a commit may still be undone.
 *
 * The past is cut only between commits, so no sequence ever stands in two parts of it.
 */
export function moveRow(row: VariantRow, moves: readonly RowPosting[]): Moved {
  const full = row.past.postings.length >= POSTINGS_INLINE;
  const past = full ? { base: row.onHand, postings: [] } : row.past;
  const locations = [...row.locations];
  const onHand = [...row.onHand];
  const postings = [...past.postings];
  for (const move of moves) {
    let position = locations.indexOf(move.locationId);
    if (position < 0) position = locations.push(move.locationId) - 1;
    onHand[position] = move.onHand;
    postings.push(move.sequence, position, move.onHand);
  }
  return {
    row: { ...row, locations, onHand, past: { base: past.base, postings } },
    spilled: full ? { ...row.past, last: row.past.postings.at(-3) ?? 0 } : null,
  };
}

/** On hand after a sequence, by position; shorter than the row's locations where some had not moved yet. */
export function onHandAt({ base, postings }: Past, sequence: number): readonly number[] {
  const onHand = [...base];
  for (let at = 0; at < postings.length && (postings[at] ?? 0) <= sequence; at += 3)
    onHand[postings[at + 1] ?? 0] = postings[at + 2] ?? 0;
  return onHand;
}

/** Whether a row itself knows what was after a sequence; otherwise an earlier part of its past does. */
export function reachesBack({ past }: VariantRow, sequence: number): boolean {
  return past.base.length === 0 || (past.postings[0] ?? 0) <= sequence;
}

/** The balance of a row at a location; undefined when it never moved there. */
export function onHandIn(row: VariantRow, locationId: LocationId): number | undefined {
  const position = row.locations.indexOf(locationId);
  return position < 0 ? undefined : row.onHand[position];
}
