import type { BalanceKey } from './balance.ts';
import type { CommandId, LocationId, ProductId, VariantId } from './id.ts';
import type { NoteKey } from './note.ts';

/**
 * What a caller may do about an error: `never` — the same request fails again; `same-command` — send the same
 * command, with the same id; `after-refresh` — look at the stock, then decide anew.
 */
export type Retry = 'never' | 'same-command' | 'after-refresh';

/** Where in the command, from the outside in: `['lines', 1, 'quantity']`. */
export type Path = readonly (string | number)[];

/** One thing wrong with a command as it was written. */
export type Violation = Readonly<{
  kind:
    | 'FieldMissing'
    | 'FieldUnknown'
    | 'TypeInvalid'
    | 'UuidInvalid'
    | 'QuantityInvalid'
    | 'OnHandInvalid'
    | 'NoteInvalid'
    | 'SequenceInvalid'
    | 'TimeInvalid'
    | 'JsonInvalid'
    | 'Repeated'
    | 'LocationsEqual'
    | 'NameInvalid'
    | 'ReasonInvalid'
    | 'FloorInvalid'
    /** Not 0 to 6, or another than that of all that was recorded. */
    | 'ScaleInvalid'
    | 'ProvenanceInvalid'
    | 'NamedTwice'
    | 'Empty'
    | 'TooMany'
    | 'Unreadable';
  path: Path;
  /** For a developer; it never repeats the input. */
  message: string;
}>;

/** One balance that a command would take below its floor. Amounts are smallest units. */
export type Shortage = BalanceKey &
  Readonly<{
    onHand: number;
    /** Of what is on hand, what is promised to others. */
    reserved: number;
    /** What the command takes out, net of what it brings in. */
    requested: number;
    floor: number;
    /** The lines that take from this balance. */
    paths: readonly Path[];
  }>;

/** One note that was not written last when a command expects it. */
export type StaleNote = NoteKey &
  Readonly<{
    /** Sequences; 0 for a note that is not there. */
    expected: number;
    /** Null for one that is being written by a command of the same group: a ledger decides such a command again. */
    actual: number | null;
    path: Path;
  }>;

/** One balance that is not what a command expects. Amounts are smallest units. */
export type StaleBalance = BalanceKey & Readonly<{ expected: number; actual: number; path: Path }>;

/**
 * Why a command was refused: nothing of it was applied. The kinds stand in the order in which they are looked for,
 * and the first one found is the answer.
 */
export type Rejection =
  | Readonly<{ kind: 'CommandInvalid'; retry: 'never'; violations: readonly Violation[] }>
  | Readonly<{ kind: 'CommandIdReused'; retry: 'never'; commandId: CommandId; differs: readonly Path[] }>
  /** It says that it occurred later than now, and no two clocks differ by so much. */
  | Readonly<{
      kind: 'OccursLater';
      retry: 'after-refresh';
      /** Milliseconds since 1970. */
      occurredAt: number;
      /** Milliseconds since 1970, by the clock that records. */
      now: number;
      path: Path;
    }>
  | Readonly<{ kind: 'LocationAlreadyOpen'; retry: 'never'; locationId: LocationId }>
  | Readonly<{
      kind: 'LocationUnknown';
      retry: 'never';
      locations: readonly Readonly<{ locationId: LocationId; path: Path }>[];
    }>
  | Readonly<{
      kind: 'VariantOfOtherProduct';
      retry: 'never';
      variants: readonly Readonly<{ variantId: VariantId; productId: ProductId; path: Path }>[];
    }>
  | Readonly<{
      kind: 'ProductNotTracked';
      retry: 'after-refresh';
      products: readonly Readonly<{ productId: ProductId; path: Path }>[];
    }>
  | Readonly<{ kind: 'NoteStale'; retry: 'after-refresh'; notes: readonly StaleNote[] }>
  | Readonly<{ kind: 'BalanceStale'; retry: 'after-refresh'; balances: readonly StaleBalance[] }>
  | Readonly<{
      kind: 'BalanceOverflow';
      retry: 'after-refresh';
      balances: readonly BalanceKey[];
      paths: readonly Path[];
    }>
  | Readonly<{ kind: 'StockInsufficient'; retry: 'after-refresh'; shortages: readonly Shortage[] }>;

/** A path as people read it: `lines[1].quantity`. */
export function formatPath(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}
