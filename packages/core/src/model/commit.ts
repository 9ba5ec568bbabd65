import type { BalanceKey } from './balance.ts';
import type { CommandId, OrganizationId, ProductId, VariantId } from './id.ts';
import type { JournalRecord, StoredRecord } from './journal.ts';
import type { JsonValue } from './json.ts';
import type { Location } from './location.ts';
import type { LowStockRule } from './low-stock.ts';
import type { NoteKey } from './note.ts';
import type { Policy } from './policy.ts';

/**
 * How one balance changes. By delta, so a lost update cannot be written down. `min` and `max` are the guard: the
 * balance *before* the commit must lie between them, or nothing of the commit is applied. An entry without a posting
 * only observes. Amounts are smallest units.
 */
export type BalanceChange = Readonly<{
  key: BalanceKey;
  productId: ProductId;
  delta: number;
  min?: number;
  max?: number;
}>;

/**
 * The index for balances as of a sequence: after this record the balance is what it was before the commit plus `running`.
 * Amounts are smallest units.
 */
export type Posting = Readonly<{
  /** Position in `records`. */
  record: number;
  /** Position in `balances`. */
  balance: number;
  delta: number;
  running: number;
}>;

/** A change of the configuration; each is one row to write over. */
export type ConfigChange =
  | Readonly<{ kind: 'Location'; location: Location }>
  | Readonly<{ kind: 'Tracking'; productId: ProductId; tracked: boolean }>
  | Readonly<{ kind: 'Policy'; policy: Policy }>
  /** A rule that says nothing takes the row away. */
  | Readonly<{ kind: 'LowStock'; rule: LowStockRule }>;

/** What becomes of one note. */
export type NoteChange = NoteKey &
  Readonly<{
    /**
     * The guard: the sequence at which the note was written last before the commit, 0 for one that is not there, or
     * nothing of the commit is applied.
     */
    ifSequence?: number;
    /** What it says from now on, null for a note that is taken away, and the position in `records` of what writes it. */
    write?: Readonly<{ body: JsonValue; record: number }>;
  }>;

/** Everything that one transaction writes, for one organization. */
export type Commit = Readonly<{
  organizationId: OrganizationId;
  /** The configuration this was decided on; another one in the store means `configChanged`. */
  configVersion: number;
  /** Milliseconds since 1970 by the caller's clock; the store never lets `recordedAt` go back. */
  at: number;
  /** One per command, no id twice. */
  records: readonly JournalRecord[];
  /** One per key. */
  balances: readonly BalanceChange[];
  /** One per record and key that it moves, also when its lines add up to 0. */
  postings: readonly Posting[];
  config: readonly ConfigChange[];
  /** Products that were taken to be tracked without having been read: if one is not, the answer is `configChanged`. */
  assumed: readonly ProductId[];
  /** One per note; absent where there is none, which is nearly always. */
  notes?: readonly NoteChange[] | undefined;
  /** Ids of commands about to be refused, to be looked up in the same transaction. */
  observe: readonly CommandId[];
}>;

/** What came of a commit. Each is an answer with rows, so that a retry needs no load; only a fault is an error. */
export type Committed =
  /** Everything was applied. `before`: one balance per entry of `balances`, as it was. */
  | Readonly<{
      kind: 'committed';
      firstSequence: number;
      recordedAt: number;
      before: readonly number[];
      known: readonly StoredRecord[];
    }>
  /** Nothing was applied: a guard does not hold, a note was written by another, or a balance would leave the safe integers. */
  | Readonly<{ kind: 'stale'; before: readonly number[]; known: readonly StoredRecord[] }>
  /** Nothing was applied: these ids are in the journal already. */
  | Readonly<{ kind: 'known'; records: readonly StoredRecord[] }>
  /** Nothing was applied: the configuration is another, a variant is of another product, or one assumed to be tracked is not. */
  | Readonly<{ kind: 'configChanged' }>;

/** Which product each variant belongs to, settled by the variant's first movement. */
export type ProductOf = ReadonlyMap<VariantId, ProductId>;
