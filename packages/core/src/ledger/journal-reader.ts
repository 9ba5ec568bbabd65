import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow';
import { onHandOf } from '../model/balance.ts';
import type { CommandId, OrganizationId } from '../model/id.ts';
import { linesOf, type StoredRecord } from '../model/journal.ts';
import { type Breach, type Breaches, FloorCheck, follows, type RowCounts } from '../rules/audit.ts';
import type { ConfigFold } from '../rules/config-fold.ts';
import type { Fold } from '../rules/fold.ts';
import { LowStockFold } from '../rules/low-stock-fold.ts';
import { NoteFold } from '../rules/note-fold.ts';
import { NO_KEYS } from '../rules/slice.ts';
import { tally } from '../rules/tally.ts';
import type { StoreFault } from './fault.ts';
import { PostingDigests } from './posting-digests.ts';
import { PAGE_LIMIT_MAX } from './query.ts';
import type { LedgerStore, Page } from './store.ts';

/** Folds the journal as far as it is asked to, and checks each record on the way. */
export class JournalReader {
  readonly breaches: Breach[] = [];
  /** What the postings of each balance should be. */
  readonly digests: PostingDigests = new PostingDigests();
  readonly notes: NoteFold = new NoteFold();
  readonly lowStock: LowStockFold = new LowStockFold();
  records = 0;
  readonly #store: LedgerStore;
  readonly #organizationId: OrganizationId;
  readonly #floors = new FloorCheck();
  #before = { sequence: 0, recordedAt: Number.NEGATIVE_INFINITY };

  constructor(store: LedgerStore, organizationId: OrganizationId) {
    this.#store = store;
    this.#organizationId = organizationId;
  }

  get fold(): Fold {
    return this.#floors.fold;
  }

  get config(): ConfigFold {
    return this.#floors.config;
  }

  /** How many rows there should be, by what was read. */
  counts(): RowCounts {
    const [balances, postings] = this.digests.counts();
    return {
      record: this.records,
      balance: balances,
      posting: postings,
      variant: this.config.productOf.size,
      location: this.config.locations.size,
      'tracked product': this.config.tracked.size,
      'low-stock rule': countOf(this.lowStock.entries()),
      note: countOf(this.notes.entries()),
    };
  }

  /** How far the journal was read. */
  get sequence(): number {
    return this.#before.sequence;
  }

  // A page must be seen by no generator that is made anew for each page, neither as its variable, as in `safeTry` and `map`,
  // nor by `yield*` of a `ResultAsync`: V8 keeps what such a generator has seen until it collects all garbage.
  readTo(sequence: number): ResultAsync<void, StoreFault> {
    const reader = this;
    return safeTry(async function* () {
      const read = (from: number) => reader.#page(from, Math.min(PAGE_LIMIT_MAX, sequence - from));
      let page = reader.sequence < sequence ? read(reader.sequence) : null;
      while (page !== null) {
        const after = reader.sequence;
        const { items }: Page<StoredRecord> = yield* await page;
        const last = items.at(-1)?.sequence ?? after;
        // What is read next is on its way while these are looked at.
        page = last > after && last < sequence ? read(last) : null;
        const found = reader.#store.foundAgain?.({ organizationId: reader.#organizationId, after, upTo: last });
        for (const record of items) reader.#check(record);
        if ((yield* (await found) ?? ok(undefined)) !== items.length) yield* await reader.#findAgain(items);
        if (reader.sequence > after) continue;
        // The head speaks of more records than the journal gives.
        reader.breaches.push({ invariant: 'sequenceIsDense', after, sequence, recordedAt: reader.#before.recordedAt });
        reader.#before = { ...reader.#before, sequence };
      }
      return ok();
    });
  }

  /** Reads on to where the journal ends now. */
  readToEnd(): ResultAsync<void, StoreFault> {
    return this.#page(this.sequence, 1).andThen(({ asOf }) => this.readTo(asOf));
  }

  /** The head says where the journal ends: a record behind it was not written by a commit. True when there is none. */
  readBeyond(): ResultAsync<boolean, StoreFault> {
    return this.#page(this.sequence, PAGE_LIMIT_MAX).map(({ items, asOf }) => {
      const beyond = items.filter(record => record.sequence > asOf);
      for (const { sequence, recordedAt } of beyond)
        this.breaches.push({ invariant: 'sequenceIsDense', after: asOf, sequence, recordedAt });
      return beyond.length === 0;
    });
  }

  #page(after: number, limit: number): ReturnType<LedgerStore['journal']> {
    return this.#store.journal({ organizationId: this.#organizationId, after, limit });
  }

  #check(record: StoredRecord): void {
    const moved = tally(linesOf(record));
    this.records += 1;
    this.breaches.push(...follows(this.#before, record), ...this.#floors.next(record, moved));
    for (const { key } of moved) this.digests.add(key, record.sequence, onHandOf(this.fold.onHand, key));
    this.notes.addRecord(record);
    this.lowStock.addRecord(record);
    this.#before = record;
  }

  /**
   * Looks each record up by its command id, as a retry would: what is not found would be recorded a second time, and an
   * id that stands twice is found at one place only. So no list of all ids is held.
   */
  async #findAgain(items: readonly StoredRecord[]): Promise<Result<void, StoreFault>> {
    const ids = items.map(record => record.commandId);
    const loaded = await this.#store.load(this.#organizationId, NO_KEYS, ids);
    if (loaded.isErr()) return err(loaded.error);
    this.breaches.push(...findTwice(items, loaded.value.known));
    return ok();
  }
}

function countOf(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count += 1;
  return count;
}

/** Records that are not found where they stand, or at another place too. */
function findTwice(items: readonly StoredRecord[], known: readonly StoredRecord[]): Breaches {
  const places = new Map<CommandId, number[]>();
  for (const { commandId, sequence } of known) places.set(commandId, [...(places.get(commandId) ?? []), sequence]);
  return items.flatMap(({ commandId, sequence }): Breaches => {
    const found = places.get(commandId) ?? [];
    const others = found.filter(place => place !== sequence);
    // Of two that are found both, the later one is the one too many.
    if (found.includes(sequence) && others.every(place => place > sequence)) return [];
    return [{ invariant: 'recordsOnce', commandId, sequences: [...others, sequence].sort((a, b) => a - b) }];
  });
}
