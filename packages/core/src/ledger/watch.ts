import { err, ok, type Result, type ResultAsync } from 'neverthrow';
import type { Balance } from '../model/balance.ts';
import { isFrom, type StoredRecord } from '../model/journal.ts';
import { moveView, type View } from '../rules/view.ts';
import type { StoreFault } from './fault.ts';
import { Feed, type FeedOptions } from './feed.ts';
import { PAGE_LIMIT_MAX, type QueryInvalid, type WatchQuery } from './query.ts';
import type { BalanceQuery, Page } from './store.ts';

/** The watched balances after a commit. What the commit did not move is the same object as before. */
export type Snapshot = View &
  Readonly<{
    /** Why the balances may be out of date, or are not there yet; null while all is well. */
    fault: StoreFault | QueryInvalid | null;
  }>;

const EMPTY: Snapshot = frozen({ asOf: 0, balances: [] });

/** How those who watch read the ledger. */
export type WatchingOptions = FeedOptions &
  Readonly<{ balances: (query: BalanceQuery) => ResultAsync<Page<Balance>, StoreFault> }>;

/** Shows balances to a listener, as they are and after every commit, until the function that it gives is called. */
export type StartWatch = (
  query: Result<WatchQuery, QueryInvalid>,
  listener: (snapshot: Snapshot) => void,
) => () => void;

/** All who watch share one feed. */
export function createWatching(options: WatchingOptions): StartWatch {
  const { balances } = options;
  const feed = new Feed(options);
  return (query, listener) => {
    const watch = new Watch({ query, listener, balances, feed });
    return () => watch.stop();
  };
}

type WatchOptions = Readonly<{
  query: Result<WatchQuery, QueryInvalid>;
  listener: (snapshot: Snapshot) => void;
  balances: WatchingOptions['balances'];
  feed: Feed;
}>;

class Watch {
  readonly #options: WatchOptions;
  readonly #unfollow: () => void;
  #snapshot: Snapshot = EMPTY;
  /** Records that came while the balances were being read; null when they have been. */
  #early: StoredRecord[] | null = null;
  #isOver = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    const onRecords = (records: readonly StoredRecord[]) => this.#move(records);
    const onFault = (fault: StoreFault | null) => this.#settle(fault);
    this.#unfollow = options.feed.follow({ onRecords, onFault });
    this.#open();
  }

  stop(): void {
    this.#isOver = true;
    this.#unfollow();
  }

  #open(): void {
    const early: StoredRecord[] = [];
    this.#early = early;
    void this.#read().then(read => {
      // A later read has begun in the meantime, and will show what this one would.
      if (this.#isOver || this.#early !== early) return;
      if (read.isErr()) {
        this.#show({ ...this.#snapshot, fault: read.error });
        if (read.error.kind !== 'QueryInvalid') this.#options.feed.failed();
        return;
      }
      this.#early = null;
      this.#show(frozen(read.value));
      this.#options.feed.reached(read.value.asOf);
      this.#move(early);
    });
  }

  /** All pages as of the sequence of the first one. */
  async #read(): Promise<Result<View, StoreFault | QueryInvalid>> {
    const { query, balances } = this.#options;
    if (query.isErr()) return err(query.error);
    const { exceptSource: _, ...watched } = query.value;
    const all: Balance[] = [];
    let asOf: number | undefined;
    let cursor: string | undefined;
    for (;;) {
      const page = await balances({ ...watched, asOf, cursor, limit: PAGE_LIMIT_MAX });
      if (page.isErr()) return err(page.error);
      all.push(...page.value.items);
      asOf = page.value.asOf;
      if (page.value.next === null) return ok({ asOf, balances: all });
      cursor = page.value.next;
    }
  }

  #move(records: readonly StoredRecord[]): void {
    if (this.#early !== null) {
      this.#early.push(...records);
      return;
    }
    const first = records.find(record => record.sequence > this.#snapshot.asOf);
    if (first === undefined) return;
    const filter = this.#options.query._unsafeUnwrap();
    if (first.sequence > this.#snapshot.asOf + 1) {
      this.#open();
      return;
    }
    const moved = moveView(this.#snapshot, records, filter);
    if (
      isNews(
        records.filter(record => record.sequence > this.#snapshot.asOf),
        filter,
      )
    )
      this.#show(moved);
    else this.#snapshot = moved;
  }

  /** A read that failed is tried again; a fault that has passed is taken back. */
  #settle(fault: StoreFault | null): void {
    if (fault === null && this.#early !== null) this.#open();
    else if (fault !== this.#snapshot.fault) this.#show({ ...this.#snapshot, fault });
  }

  /** In a breath of its own, so that a listener that throws stops no commit. */
  #show(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    void Promise.resolve().then(() => {
      if (!this.#isOver) this.#options.listener(snapshot);
    });
  }
}

/** Whether some records have something to tell: what came through the watcher itself has not. */
function isNews(records: readonly StoredRecord[], { exceptSource }: WatchQuery): boolean {
  return exceptSource === undefined || !records.every(record => isFrom(record, exceptSource));
}

/** A snapshot that nobody who is shown it can write to. */
function frozen({ asOf, balances }: View): Snapshot {
  for (const balance of balances) Object.freeze(balance);
  return Object.freeze({ asOf, balances: Object.freeze(balances), fault: null });
}
