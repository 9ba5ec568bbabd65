import type { BalanceKey, OnHand } from '../model/balance.ts';
import type { Command } from '../model/command.ts';
import type { ProductOf } from '../model/commit.ts';
import type { LocationId, ProductId, VariantId } from '../model/id.ts';
import type { Location } from '../model/location.ts';
import type { NoteKey, NoteState, NotesByKey } from '../model/note.ts';
import { locationsOf, type Policy } from '../model/policy.ts';
import { reservedNote } from '../model/reserved.ts';
import { promisesOf } from './promises.ts';
import { movesOf, tallyReads } from './tally.ts';

/** The rows a command can read, each key once. */
export type SliceKeys = Readonly<{
  balances: readonly BalanceKey[];
  locations: readonly LocationId[];
  products: readonly ProductId[];
  variants: readonly VariantId[];
  /** Those that a command expects something of, or that say what is promised of its balances; absent where there are none. */
  notes?: readonly NoteKey[] | undefined;
}>;

/** No rows but those of the organization itself: its policy, and the version of its configuration. */
export const NO_KEYS: SliceKeys = { balances: [], locations: [], products: [], variants: [] };

/** What a decision may look at: the touched rows of one organization, as they were at one moment. */
export type Slice = Readonly<{
  /** 0 for an organization in which nothing was ever recorded. */
  configVersion: number;
  policy: Policy;
  locations: ReadonlyMap<LocationId, Location>;
  /** Those of the asked products that are tracked. */
  tracked: ReadonlySet<ProductId>;
  /** Absent: the variant never moved. */
  productOf: ProductOf;
  onHand: OnHand;
  /** Those of the asked notes that are there; absent where none was asked for. */
  notes?: NotesByKey<NoteInSlice> | undefined;
  /**
   * The rows are remembered and not read: a balance that is absent is not 0 but unknown, and assumed to be enough.
   * The guards of the commit prove it.
   */
  isRemembered?: boolean;
  /**
   * Where there is such a list, a product on neither is unknown, and assumed to be tracked. The commit proves it
   * (`Commit.assumed`).
   */
  untracked?: ReadonlySet<ProductId>;
}>;

/** A note as a decision sees it. */
export type NoteInSlice = Omit<NoteState, 'sequence'> &
  Readonly<{
    /** 0 for one that was taken away by a command before this one; null for one that such a command has written. */
    sequence: number | null;
  }>;

/**
 * When a note was written last: its sequence, 0 for one that is not there, null for one that is being written.
 *
 * @param unknown - What to take a note for that is not known.
 */
export function noteSequenceIn(slice: Slice, { kind, id }: NoteKey, unknown: number): number | null {
  const note = slice.notes?.get(kind)?.get(id);
  if (note !== undefined) return note.sequence;
  return slice.isRemembered === true ? unknown : 0;
}

/** Some notes of a slice. */
export function pickNotes(
  notes: NotesByKey<NoteInSlice>,
  keys: readonly NoteKey[] = [],
): Map<string, Map<string, NoteInSlice>> {
  const picked = new Map<string, Map<string, NoteInSlice>>();
  for (const { kind, id } of keys) {
    const note = notes.get(kind)?.get(id);
    if (note !== undefined) picked.set(kind, (picked.get(kind) ?? new Map()).set(id, note));
  }
  return picked;
}

/** The balance of a key in a slice, in smallest units; null when it is not known. */
export function balanceIn(slice: Slice, key: BalanceKey): number | null {
  return slice.onHand.get(key.variantId)?.get(key.locationId) ?? (slice.isRemembered === true ? null : 0);
}

/** Whether a product is tracked, or assumed to be. */
export function isTracked({ tracked, untracked }: Slice, productId: ProductId): boolean {
  return tracked.has(productId) || (untracked !== undefined && !untracked.has(productId));
}

/**
 * The rows that a command can read, from the command alone: so its cost follows its lines, never the size of the
 * ledger.
 *
 * @param keepsHolds - Whether its organization does: then what is promised of a balance is read too.
 */
export function touches(command: Command, keepsHolds = false): SliceKeys {
  return touchesAll([command], keepsHolds);
}

/** The rows that any of several commands can read, each key once. */
export function touchesAll(commands: readonly Command[], keepsHolds = false): SliceKeys {
  const locations = new Set<LocationId>();
  const products = new Set<ProductId>();
  const variants = new Set<VariantId>();
  for (const command of commands)
    if (command.kind === 'OpenLocation') locations.add(command.location.id);
    else if (command.kind === 'SetPolicy') for (const id of locationsOf(command.policy)) locations.add(id);
    else {
      // A rule moves nothing: all it needs is that its location is known, and its variant is of its product.
      for (const { locationId, variantId } of command.kind === 'SetLowStock' ? command.rules : command.expect) {
        locations.add(locationId);
        variants.add(variantId);
      }
      if (command.kind === 'SetLowStock') continue;
      for (const { productId } of command.tracking) products.add(productId);
      for (const { from, to, productId, variantId } of command.lines) {
        locations.add(from).add(to);
        products.add(productId);
        variants.add(variantId);
      }
      for (const { locationId, productId, variantId } of promisesOf(command)) {
        locations.add(locationId);
        products.add(productId);
        variants.add(variantId);
      }
    }
  return {
    balances: tallyReads(commands).map(entry => entry.key),
    locations: [...locations],
    products: [...products],
    variants: [...variants],
    notes: notesRead(commands, keepsHolds),
  };
}

/** Each note once; undefined for none. What is only written needs no look at what was there, unless it is a promise. */
function notesRead(commands: readonly Command[], keepsHolds: boolean): SliceKeys['notes'] {
  const notes = new Map<string, NoteKey>();
  const read = ({ kind, id }: NoteKey) => notes.set(`${kind} ${id}`, { kind, id });
  for (const command of commands) {
    if (command.kind !== 'RecordMovements') continue;
    for (const note of command.notes ?? []) if (note.ifSequence !== undefined) read(note);
    for (const promised of promisesOf(command)) read(reservedNote(promised));
    if (keepsHolds) for (const { key, delta } of movesOf(command)) if (delta < 0) read(reservedNote(key));
  }
  return notes.size === 0 ? undefined : [...notes.values()];
}
