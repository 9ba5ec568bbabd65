import type { ResultAsync } from 'neverthrow';
import type { OrganizationId } from '../model/id.ts';
import type { StoredRecord } from '../model/journal.ts';
import type { SetTimer } from './deadline.ts';
import type { StoreFault } from './fault.ts';
import { join, type Listening } from './news.ts';
import type { LedgerStore, Page } from './store.ts';

/** Somebody who is told of every record. */
export type Follower = Readonly<{
  /** In order; the first may lie further on than expected when records were missed. */
  onRecords: (records: readonly StoredRecord[]) => void;
  /** The journal could not be read, and is tried again later; null when it could be read again. */
  onFault: (fault: StoreFault | null) => void;
}>;

export type FeedOptions = Readonly<{
  store: LedgerStore;
  organizationId: OrganizationId;
  /** The next records after a sequence. */
  journal: (after: number) => ResultAsync<Page<StoredRecord>, StoreFault>;
  setTimer: SetTimer;
  /** How often to look for commits that nobody tells of, in milliseconds. */
  pollMs: number;
}>;

/**
 * The journal as it grows, for those who follow it. What this process commits comes from its commits; what others
 * commit is read from the journal, when the store tells of it or a timer says to look.
 */
export class Feed implements Listening {
  readonly organizationId: OrganizationId;
  readonly #options: FeedOptions;
  readonly #followers = new Set<Follower>();
  /** All up to here has been passed on; null as long as nobody knows where the journal ends. */
  #head: number | null = null;
  #refreshing: Promise<void> | null = null;
  #isStale = false;
  #leave: (() => void) | undefined;
  #unsubscribe: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.organizationId = options.organizationId;
  }

  /** @returns A function that ends it. */
  follow(follower: Follower): () => void {
    this.#followers.add(follower);
    if (this.#followers.size === 1) this.#start();
    return () => {
      if (this.#followers.delete(follower) && this.#followers.size === 0) this.#stop();
    };
  }

  /** Somebody has read the balances as they were after this sequence. */
  reached(sequence: number): void {
    this.#head ??= sequence;
    if (this.#isStale) this.refresh();
    else this.#schedule(false);
  }

  /** Somebody could not read the balances: everybody tries again later. */
  failed(): void {
    this.#schedule(true);
  }

  /** Passes on what was committed; where records of others lie in between, all of them are read. */
  publish(records: readonly StoredRecord[]): void {
    const head = this.#head;
    if (head === null) {
      this.#isStale = true;
      return;
    }
    const unseen = records.filter(record => record.sequence > head);
    const first = unseen[0];
    if (first === undefined) return;
    if (first.sequence > head + 1) {
      this.refresh();
      return;
    }
    this.#head = head + unseen.length;
    for (const { onRecords } of this.#followers) onRecords(unseen);
  }

  /** Looks for records that nobody has told of; called again while it looks, it looks once more. */
  refresh(): void {
    this.#isStale = true;
    this.#refreshing ??= this.#readOn().finally(() => {
      this.#refreshing = null;
    });
  }

  async #readOn(): Promise<void> {
    let fault: StoreFault | null = null;
    while (this.#isStale && fault === null && this.#head !== null) {
      this.#isStale = false;
      const page = await this.#options.journal(this.#head);
      if (page.isErr()) fault = page.error;
      else {
        if (page.value.next !== null) this.#isStale = true;
        this.publish(page.value.items);
      }
    }
    for (const { onFault } of this.#followers) onFault(fault);
    this.#schedule(fault !== null);
  }

  #start(): void {
    const { store, organizationId } = this.#options;
    this.#leave = join(store, this);
    this.#unsubscribe = store.subscribe?.(organizationId, () => this.refresh());
  }

  #stop(): void {
    this.#leave?.();
    this.#unsubscribe?.();
    this.#cancelTimer?.();
    this.#head = null;
  }

  /** A store that tells of others' commits is only asked again after a fault. */
  #schedule(hasFailed: boolean): void {
    this.#cancelTimer?.();
    const { store, setTimer, pollMs } = this.#options;
    if (this.#followers.size === 0 || (store.subscribe !== undefined && !hasFailed)) return;
    this.#cancelTimer = setTimer(() => this.refresh(), pollMs);
  }
}
