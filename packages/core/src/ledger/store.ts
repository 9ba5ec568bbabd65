import type { ResultAsync } from 'neverthrow';
import type { Balance, BalanceKey } from '../model/balance.ts';
import type { Commit, Committed } from '../model/commit.ts';
import type { CommandId, LocationId, OrganizationId, ProductId, VariantId } from '../model/id.ts';
import type { Durability, StoredRecord } from '../model/journal.ts';
import type { Location } from '../model/location.ts';
import type { LowStockRule } from '../model/low-stock.ts';
import type { Note } from '../model/note.ts';
import type { RowCounts } from '../rules/audit.ts';
import type { Slice, SliceKeys } from '../rules/slice.ts';
import type { StoreFault } from './fault.ts';
import type { Mended, Repair } from './repair.ts';

/** Some rows of a longer answer, and where to go on. */
export type Page<T> = Readonly<{
  items: readonly T[];
  /**
   * Where the next page begins, null at the end: of balances and low-stock rules the key of the last item,
   * `variantId.locationId`, of products its id, of notes its id,
   * of the journal its sequence. It stays good while others write.
   */
  next: string | null;
  /** The last sequence in the journal at the moment of the read; with an earlier `asOf` in the query, that one. */
  asOf: number;
}>;

/** Which balances; all that ever moved, in the order of variant and location, when nothing is named. */
export type BalanceQuery = Readonly<{
  organizationId: OrganizationId;
  locationId?: LocationId | undefined;
  variantIds?: readonly VariantId[] | undefined;
  productIds?: readonly ProductId[] | undefined;
  /** Only balances other than 0. */
  nonZero?: boolean | undefined;
  /** As they were after this sequence. */
  asOf?: number | undefined;
  cursor?: string | undefined;
  /** 1 to 1,000. */
  limit: number;
}>;

/** Which records, in order. */
export type JournalQuery = Readonly<{
  organizationId: OrganizationId;
  /** Only records after this sequence; 0 for all. */
  after: number;
  /** 1 to 1,000. */
  limit: number;
}>;

/** Which postings: those of one balance, in order. */
export type PostingQuery = Readonly<{
  organizationId: OrganizationId;
  variantId: VariantId;
  locationId: LocationId;
  /** Only postings after this sequence; 0 for all. */
  after: number;
  /** 1 to 1,000. */
  limit: number;
}>;

/** Which records are to be found again. */
export type FoundQuery = Readonly<{
  organizationId: OrganizationId;
  /** Only records after this sequence; 0 for all. */
  after: number;
  /** Only records up to this sequence. */
  upTo: number;
}>;

/** What one record made of one balance. */
export type StoredPosting = Readonly<{ sequence: number; onHand: number }>;

/** Which histories: those of all balances, one after the other. */
export type HistoryQuery = Readonly<{
  organizationId: OrganizationId;
  /** Only postings up to this sequence. */
  upTo: number;
  /** `next` of the page before. */
  cursor?: string | undefined;
  /** The most postings of all balances of a page: 1 to 10,000. */
  limit: number;
}>;

/** A stretch of the history of one balance, in columns: which records moved it, and what each made of it. */
export type History = BalanceKey &
  Readonly<{
    sequences: readonly number[];
    onHand: readonly number[];
    /** How much each moved it by, where a store keeps that too. */
    deltas?: readonly number[] | undefined;
  }>;

/** Some histories; one that is longer than the page goes on with the next page. */
export type HistoryPage = Readonly<{ items: readonly History[] /** Null at the end. */; next: string | null }>;

/** Which of the products that are tracked, in the order of their ids; all when none is named. */
export type ProductQuery = Readonly<{
  organizationId: OrganizationId;
  productIds?: readonly ProductId[] | undefined;
  /** The last product of the page before. */
  cursor?: string | undefined;
  /** 1 to 1,000. */
  limit: number;
}>;

/** Which low-stock rules, in the order of variant and location, as balances are; all when nothing is named. */
export type LowStockQuery = Readonly<{
  organizationId: OrganizationId;
  locationId?: LocationId | undefined;
  productIds?: readonly ProductId[] | undefined;
  cursor?: string | undefined;
  /** 1 to 1,000. */
  limit: number;
}>;

/** Which notes of one kind, in the order of their ids, byte by byte. */
export type NoteQuery = Readonly<{
  organizationId: OrganizationId;
  kind: string;
  /** Only ids that begin with it: printable ASCII. */
  prefix?: string | undefined;
  /** The id of the last note of the page before. */
  cursor?: string | undefined;
  /** 1 to 1,000. */
  limit: number;
}>;

/** How many rows there are, and the last sequence by the head: null when that is gone. */
export type Census = Readonly<{ asOf: number | null; rows: RowCounts }>;

/** What a store can do about damage; what it cannot is a fault. */
export type Upkeep = Readonly<{
  /**
   * Counts the rows of an organization, whatever its head says, all of one moment. Where the head is gone, they are those of
   * an organization without one that has one of these locations.
   */
  census: (organizationId: OrganizationId, locationIds: readonly LocationId[]) => ResultAsync<Census, StoreFault>;
  /** Makes a head that is gone, found as for a census, and moves one that is behind to the end of the journal. */
  mendHead: (organizationId: OrganizationId, locationIds: readonly LocationId[]) => ResultAsync<void, StoreFault>;
  /**
   * Writes rows over in one transaction, moves the version of the configuration up, and takes away rows that belong to
   * nothing: balances and postings of a variant or a location that is not there, and variants without a past.
   */
  mend: (repair: Repair) => ResultAsync<Mended, StoreFault>;
}>;

/** The rows of a decision, and the records of commands that are in the journal already, all of one moment. */
export type Loaded = Readonly<{ slice: Slice; known: readonly StoredRecord[] }>;

/**
 * What a store must do: the only port of the ledger. It writes rows and interprets none of them, and it promises
 * that arguments are clean, so it checks nothing but what the transaction alone can know. What it cannot do is a fault.
 *
 * `@stockfold/testing` says whether an implementation is right.
 */
export type LedgerStore = Readonly<{
  /** How far `committed` has got when it is answered. */
  durability: Durability;
  /** The rows of some keys. What was never written is absent, and an organization that never was is empty. */
  load: (
    organizationId: OrganizationId,
    keys: SliceKeys,
    commandIds: readonly CommandId[],
  ) => ResultAsync<Loaded, StoreFault>;
  /**
   * Applies a whole commit or none of it, and looks in this order: an id of `records` in the journal → `known`;
   * another `configVersion`, a variant of another product, or a product in `assumed` that is not tracked → `configChanged`; a
   * balance outside its guard, a note that was written last at another sequence than its guard says, or a balance that would
   * leave the safe integers at any sequence of the commit → `stale`. A commit with changes in `config` moves the version
   * up by one. A commit that holds a command id twice is `StoreFailed`.
   */
  commit: (commit: Commit) => ResultAsync<Committed, StoreFault>;
  balances: (query: BalanceQuery) => ResultAsync<Page<Balance>, StoreFault>;
  journal: (query: JournalQuery) => ResultAsync<Page<StoredRecord>, StoreFault>;
  trackedProducts: (query: ProductQuery) => ResultAsync<Page<ProductId>, StoreFault>;
  lowStock: (query: LowStockQuery) => ResultAsync<Page<LowStockRule>, StoreFault>;
  notes: (query: NoteQuery) => ResultAsync<Page<Note>, StoreFault>;
  /** All locations in the order they were opened. */
  locations: (organizationId: OrganizationId) => ResultAsync<readonly Location[], StoreFault>;
  /**
   * Where a store can hear of commits through other handles (another tab, another process): calls `listener` after each,
   * until the function it gives is called. A store without it is asked now and then.
   */
  subscribe?: ((organizationId: OrganizationId, listener: () => void) => () => void) | undefined;
  /**
   * The history of one balance, which balances as of a sequence are read from; `next` is a sequence, as in the journal.
   * Absent where a store keeps none and folds the journal instead: then `verify` has nothing to compare.
   */
  postings?: ((query: PostingQuery) => ResultAsync<Page<StoredPosting>, StoreFault>) | undefined;
  /**
   * The histories of all balances, in an order of the store's own: what `postings` gives, for `verify`, which asks for them
   * one by one where a store does not have it.
   */
  histories?: ((query: HistoryQuery) => ResultAsync<HistoryPage, StoreFault>) | undefined;
  /**
   * How many records are found where they stand by the ids of their commands, as a retry would find them. For `verify`,
   * which loads them once more where a store does not have it.
   */
  foundAgain?: ((query: FoundQuery) => ResultAsync<number, StoreFault>) | undefined;
  /** For `verify` and `rebuild`. Absent where no row can be lost alone. */
  upkeep?: Upkeep | undefined;
  /** Ends the store; every call after it is `StoreClosed`. Closing twice is no error. */
  close: () => ResultAsync<void, StoreFault>;
}>;
