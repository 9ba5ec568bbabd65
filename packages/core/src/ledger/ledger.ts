import type { Result, ResultAsync } from 'neverthrow';
import type { Balance } from '../model/balance.ts';
import type { CommandInput } from '../model/command.ts';
import type { CommandId, LocationId, OrganizationId, ProductId, VariantId } from '../model/id.ts';
import type { Receipt, StoredRecord } from '../model/journal.ts';
import type { Location, SystemLocations } from '../model/location.ts';
import type { LowStockRule } from '../model/low-stock.ts';
import type { Note } from '../model/note.ts';
import type { Policy } from '../model/policy.ts';
import type { Preview } from '../model/preview.ts';
import type { ExecuteError } from './command-queue.ts';
import type { StoreFault } from './fault.ts';
import type {
  BalanceAtInput,
  BalanceQueryInput,
  JournalQueryInput,
  LowStockQueryInput,
  NoteQueryInput,
  PostingQueryInput,
  ProductQueryInput,
  QueryInvalid,
  RecordsQueryInput,
  WatchQueryInput,
} from './query.ts';
import type { Page, StoredPosting } from './store.ts';
import type { Verification } from './verify.ts';
import type { Snapshot } from './watch.ts';

/** Everything a call on a ledger may answer instead of what was asked for. */
export type LedgerError = ExecuteError | QueryInvalid;

/** A balance with the sequence at which it was read. */
export type BalanceAt = Readonly<{ locationId: LocationId; variantId: VariantId; onHand: number; asOf: number }>;

/**
 * A handle on the ledger of one organization: no call can name another's. What cannot be read is a fault of the store, and
 * a query with a wrong field `QueryInvalid`.
 */
export type Ledger = Readonly<{
  organizationId: OrganizationId;
  /** The ids that `'STORE'`, `'SUPPLIER'`, `'SOLD'` and `'BIN'` stand for. */
  systemLocations: SystemLocations;
  /** A new command id, to be kept before the command is sent. */
  newId: () => CommandId;
  /** Milliseconds since 1970, by the clock that the ledger was given. */
  now: () => number;
  /**
   * Records one command, all of it or nothing.
   *
   * @returns The receipt; the first one again, `replayed`, for a command that was recorded before. A rejection or a
   *   fault otherwise, with what a caller may do about it in `retry`.
   */
  execute: (command: CommandInput) => ResultAsync<Receipt, ExecuteError>;
  /**
   * Records commands in their order, each by itself, in as few commits as may be: one answer each, in their order. One
   * that another writer has made possible in the meantime is decided again, after the others of its group.
   */
  executeAll: (commands: readonly CommandInput[]) => Promise<readonly Result<Receipt, ExecuteError>[]>;
  /**
   * Says what `execute` would come to now, and records nothing: what would be recorded, with the balances after it, or
   * all the reasons why not, of which `execute` gives the first.
   */
  preview: (command: CommandInput) => ResultAsync<Preview, StoreFault>;
  /** A page of balances, in the order of variant and location. */
  balances: (query?: BalanceQueryInput) => ResultAsync<Page<Balance>, StoreFault | QueryInvalid>;
  /** One balance, now or as of a sequence; 0 for stock that never moved. */
  balanceAt: (query: BalanceAtInput) => ResultAsync<BalanceAt, StoreFault | QueryInvalid>;
  /** A page of the journal, in order. */
  journal: (query?: JournalQueryInput) => ResultAsync<Page<StoredRecord>, StoreFault | QueryInvalid>;
  /**
   * A page of what each record made of one balance, in the order of the journal; `StoreFailed` where the store keeps no
   * postings.
   */
  postings: (query: PostingQueryInput) => ResultAsync<Page<StoredPosting>, StoreFault | QueryInvalid>;
  /** The records of some commands, those that are in the journal, in its order. */
  records: (query: RecordsQueryInput) => ResultAsync<readonly StoredRecord[], StoreFault | QueryInvalid>;
  /** A page of the products that are tracked, in the order of their ids. */
  trackedProducts: (query?: ProductQueryInput) => ResultAsync<Page<ProductId>, StoreFault | QueryInvalid>;
  /** A page of the low-stock rules, in the order of variant and location. */
  lowStock: (query?: LowStockQueryInput) => ResultAsync<Page<LowStockRule>, StoreFault | QueryInvalid>;
  /** A page of the notes of one kind, in the order of their ids. */
  notes: (query: NoteQueryInput) => ResultAsync<Page<Note>, StoreFault | QueryInvalid>;
  /** What the organization allows; of one in which nothing was recorded yet, what this handle would found it with. */
  policy: () => ResultAsync<Policy, StoreFault>;
  /** All locations: the four system locations first. */
  locations: () => ResultAsync<readonly Location[], StoreFault>;
  /**
   * Shows balances: as they are, and then once for every commit, of this handle or another one. A balance that did not
   * move is the same object as before, and `balances` the same list when none did.
   *
   * @param query - With `exceptSource`, commits of that source alone are no news: what they moved comes with the next one.
   * @param listener - Called in a breath of its own. When the store cannot be read, `fault` says so, the balances stay
   *   as they were, and it is tried again.
   * @returns A function that ends it; `close` ends all.
   */
  watch: (query: WatchQueryInput, listener: (snapshot: Snapshot) => void) => () => void;
  /** Holds the numbered invariants against everything that is stored. */
  verify: () => ResultAsync<Verification, StoreFault>;
  /** Waits for the calls under way, refuses later ones with `StoreClosed`, and closes the store. */
  close: () => ResultAsync<void, StoreFault>;
}>;
