import { err, errAsync, ok, type Result, ResultAsync } from 'neverthrow';
import type { Balance } from '../model/balance.ts';
import type { Command, CommandInput } from '../model/command.ts';
import type { CommandId, LocationId, OrganizationId, ProductId, VariantId } from '../model/id.ts';
import type { Receipt, StoredRecord } from '../model/journal.ts';
import { type Location, type SystemLocations, systemLocationList } from '../model/location.ts';
import type { LowStockRule } from '../model/low-stock.ts';
import type { Note } from '../model/note.ts';
import type { Policy } from '../model/policy.ts';
import type { Preview } from '../model/preview.ts';
import type { Rejection } from '../model/rejection.ts';
import { parseCommand } from '../rules/parse-command.ts';
import { NO_KEYS } from '../rules/slice.ts';
import { CommandQueue, type ExecuteError } from './command-queue.ts';
import { journalExcept } from './except-source.ts';
import { type StoreFault, storeFault } from './fault.ts';
import { Feed } from './feed.ts';
import { GroupCommit } from './group-commit.ts';
import { type LedgerOptions, parseOptions } from './options.ts';
import {
  type BalanceAtInput,
  type BalanceQueryInput,
  type JournalQueryInput,
  type LowStockQueryInput,
  type NoteQueryInput,
  PAGE_LIMIT_MAX,
  type PostingQueryInput,
  type ProductQueryInput,
  parseBalanceAt,
  parseBalanceQuery,
  parseJournalQuery,
  parseLowStockQuery,
  parseNoteQuery,
  parsePostingQuery,
  parseProductQuery,
  parseRecordsQuery,
  parseWatchQuery,
  type QueryInvalid,
  type RecordsQueryInput,
  type WatchQueryInput,
} from './query.ts';
import type { BalanceQuery, Page, StoredPosting } from './store.ts';
import type { Verification } from './verify.ts';
import { type Snapshot, Watch } from './watch.ts';

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

/**
 * Makes a ledger on a store. Nothing is read or written before the first call.
 *
 * @throws TypeError when an option is none: a mistake in the program, not in its input.
 */
export function createLedger(options: LedgerOptions): Ledger {
  const {
    store,
    clock,
    newId,
    policy,
    groupMax,
    queueMax,
    deadline,
    watchEveryMs: pollMs,
    organizationId,
    systemLocations: system,
  } = parseOptions(options);
  const context = { organizationId, system };
  const commit = new GroupCommit({ store, organizationId, clock, founding: { system, policy }, deadline });
  const queue = new CommandQueue({ commit, groupMax, queueMax });
  const calls = new Calls();
  const journal = (after: number) => calls.run(() => store.journal({ organizationId, after, limit: PAGE_LIMIT_MAX }));
  const watches = new Set<Watch>();
  const feed = new Feed({ store, organizationId, journal, setTimer: deadline.setTimer, pollMs });

  const run = (command: Result<Command, Rejection>): ResultAsync<Receipt, ExecuteError> =>
    calls.run<Receipt, ExecuteError>(() =>
      command.isErr() ? Promise.resolve(err(command.error)) : queue.submit(command.value),
    );

  return {
    organizationId,
    systemLocations: system,
    newId,
    now: clock,
    execute: input => run(parseCommand(input, system)),
    executeAll: async inputs => Promise.all(Array.from(inputs, input => run(parseCommand(input, system)))),
    preview: input => {
      const command = parseCommand(input, system);
      return calls.run<Preview, StoreFault>(async () => {
        if (command.isErr()) return ok({ kind: 'WouldRefuse', reasons: [command.error] });
        const { founding } = commit;
        const ground = { store, organizationId, founding, deadline, now: clock() };
        return loadPreview().andThen(({ preview }) => new ResultAsync(preview(command.value, ground)));
      });
    },
    balances: (query = {}) => calls.ask(parseBalanceQuery(query, context), parsed => store.balances(parsed)),
    balanceAt: query =>
      calls.ask(parseBalanceAt(query, context), ({ variantId, ...rest }) =>
        store.balances({ ...rest, variantIds: [variantId], limit: 1 }).map(({ items, asOf }) => {
          const onHand = items[0]?.onHand ?? 0;
          return { locationId: rest.locationId, variantId, onHand, asOf };
        }),
      ),
    journal: (query = {}) =>
      calls.ask(parseJournalQuery(query, context), ({ exceptSource, ...page }) =>
        exceptSource === undefined ? store.journal(page) : journalExcept(store, page, exceptSource),
      ),
    postings: query =>
      calls.ask(
        parsePostingQuery(query, context),
        parsed => store.postings?.(parsed) ?? errAsync(storeFault('StoreFailed', 'this store keeps no postings')),
      ),
    records: query =>
      calls.ask(parseRecordsQuery(query, context), commandIds =>
        store.load(organizationId, NO_KEYS, commandIds).map(({ known }) => inOrder(known)),
      ),
    trackedProducts: (query = {}) =>
      calls.ask(parseProductQuery(query, context), parsed => store.trackedProducts(parsed)),
    lowStock: (query = {}) => calls.ask(parseLowStockQuery(query, context), parsed => store.lowStock(parsed)),
    notes: query => calls.ask(parseNoteQuery(query, context), parsed => store.notes(parsed)),
    policy: () =>
      calls.run(async () =>
        (await store.load(organizationId, NO_KEYS, [])).map(({ slice }) =>
          slice.configVersion === 0 ? (policy ?? slice.policy) : slice.policy,
        ),
      ),
    locations: () =>
      calls.run(async () =>
        (await store.locations(organizationId)).map(stored =>
          stored.length > 0 ? stored : systemLocationList(system),
        ),
      ),
    watch: (query, listener) => {
      const parsed = parseWatchQuery(query, context);
      const balances = (page: BalanceQuery) => calls.run(() => store.balances(page));
      const watch = new Watch({ query: parsed, listener, balances, feed });
      watches.add(watch);
      return () => {
        watches.delete(watch);
        watch.stop();
      };
    },
    verify: () => calls.run(() => loadVerify().andThen(({ verify }) => verify(store, organizationId, system))),
    close: () => {
      for (const watch of watches) watch.stop();
      return calls.close(() => store.close());
    },
  };
}

function inOrder(records: readonly StoredRecord[]): readonly StoredRecord[] {
  return records.toSorted((a, b) => a.sequence - b.sequence);
}

/** A file of its own, which a bundler leaves out of what a page loads to sell; one bundled as a whole has it in itself. */
function loadVerify(): ResultAsync<typeof import('./verify.ts'), StoreFault> {
  return ResultAsync.fromPromise(import('./verify.ts'), cause =>
    storeFault('StoreUnavailable', 'the code of verify could not be loaded', cause),
  );
}

/** As {@link loadVerify}: who sells asks for no preview. */
function loadPreview(): ResultAsync<typeof import('./preview.ts'), StoreFault> {
  return ResultAsync.fromPromise(import('./preview.ts'), cause =>
    storeFault('StoreUnavailable', 'the code of preview could not be loaded', cause),
  );
}

/** Counts the calls under way, so that `close` can wait for them. */
class Calls {
  #open = 0;
  #closed = false;
  #end: Promise<Result<void, StoreFault>> | undefined;
  #isQuiet: () => void = () => {};

  run<T, E>(call: () => PromiseLike<Result<T, E>>): ResultAsync<T, E | StoreFault> {
    if (this.#closed) return new ResultAsync(Promise.resolve(err(storeFault('StoreClosed', 'the ledger was closed'))));
    return new ResultAsync<T, E | StoreFault>(this.#count(call));
  }

  async #count<T, E>(call: () => PromiseLike<Result<T, E>>): Promise<Result<T, E>> {
    this.#open += 1;
    try {
      return await call();
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#isQuiet();
    }
  }

  /** A query that was read, or what is wrong with it. */
  ask<Q, T>(
    query: Result<Q, QueryInvalid>,
    answer: (query: Q) => ResultAsync<T, StoreFault>,
  ): ResultAsync<T, StoreFault | QueryInvalid> {
    return this.run<T, StoreFault | QueryInvalid>(async () => (query.isErr() ? err(query.error) : answer(query.value)));
  }

  close(end: () => ResultAsync<void, StoreFault>): ResultAsync<void, StoreFault> {
    this.#closed = true;
    this.#end ??= this.#quiet().then(() => end());
    return new ResultAsync(this.#end);
  }

  #quiet(): Promise<void> {
    if (this.#open === 0) return Promise.resolve();
    return new Promise(resolve => {
      this.#isQuiet = resolve;
    });
  }
}
