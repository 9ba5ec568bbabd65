import { ok, type ResultAsync, safeTry } from 'neverthrow';
import { type BalanceKey, onHandOf } from '../model/balance.ts';
import type { LocationId, OrganizationId, VariantId } from '../model/id.ts';
import { linesOf, type StoredRecord } from '../model/journal.ts';
import type { Breach, Breaches } from '../rules/audit.ts';
import { Fold } from '../rules/fold.ts';
import { tally } from '../rules/tally.ts';
import type { StoreFault } from './fault.ts';
import type { JournalReader } from './journal-reader.ts';
import { type Digest, digest, emptyDigest, PostingDigests } from './posting-digests.ts';
import { PAGE_LIMIT_MAX } from './query.ts';
import type { HistoryPage, LedgerStore, PostingQuery, StoredPosting } from './store.ts';

/**
 * Compares the postings of each balance with what the journal makes of it, up to the sequence to which it was read: 8,
 * `asOfAgrees`, for every sequence at once. Names the first place at which each balance differs, for which the journal is
 * read a second time; or, where the balances are right, the first delta that is not.
 */
export function checkPostings(
  store: LedgerStore,
  organizationId: OrganizationId,
  journal: JournalReader,
  isExcused: (key: BalanceKey) => boolean,
): ResultAsync<Breaches, StoreFault> {
  return safeTry(async function* () {
    const { postings } = store;
    if (postings === undefined) return ok([]);
    const readerOf = (key: BalanceKey) => new PostingReader(postings, { organizationId, ...key }, journal.sequence);
    const suspects = new Suspects();
    const deltas: Breach[] = [];
    const all = store.histories && (yield* await digestAll(store.histories, organizationId, journal.sequence));
    for (const [key, expected] of journal.digests.entries()) {
      const stored = all?.get(key) ?? (yield* await digestOf(readerOf(key)));
      if (isExcused(key)) continue;
      const wrong = all?.wrongDelta(stored);
      if (!isSame(stored, expected)) suspects.add(key, readerOf(key));
      else if (wrong !== undefined) deltas.push({ invariant: 'asOfAgrees', ...key, ...wrong, what: 'delta' });
    }
    for (let after = 0; suspects.size > 0 && after < journal.sequence; ) {
      const { items } = yield* await store.journal({ organizationId, after, limit: PAGE_LIMIT_MAX });
      for (const record of items.filter(({ sequence }) => sequence <= journal.sequence))
        yield* await suspects.compare(record);
      after = items.at(-1)?.sequence ?? journal.sequence;
    }
    yield* await suspects.compareRest();
    return ok([...suspects.breaches, ...deltas]);
  });
}

// So many postings are a page of a megabyte or less.
const HISTORIES_LIMIT = 10_000;

/** What is stored of all balances: a call a page, where `postings` would be one or more a balance. */
function digestAll(
  histories: Exclude<LedgerStore['histories'], undefined>,
  organizationId: OrganizationId,
  upTo: number,
): ResultAsync<PostingDigests, StoreFault> {
  return safeTry(async function* () {
    const digests = new PostingDigests();
    const read = (cursor?: string) => histories({ organizationId, upTo, cursor, limit: HISTORIES_LIMIT });
    for (let page: ReturnType<typeof read> | null = read(); page !== null; ) {
      const { items, next }: HistoryPage = yield* await page;
      // The next page is on its way while this one is looked at.
      page = next === null ? null : read(next);
      for (const history of items) digests.addHistory(history);
    }
    return ok(digests);
  });
}

function digestOf(reader: PostingReader): ResultAsync<Digest, StoreFault> {
  return safeTry(async function* () {
    const state = emptyDigest();
    for (let page = yield* await reader.nextPage(); page.length > 0; page = yield* await reader.nextPage())
      for (const { sequence, onHand } of page) digest(state, sequence, onHand);
    return ok(state);
  });
}

function isSame(a: Digest, b: Digest): boolean {
  return a.count === b.count && a.low === b.low && a.high === b.high;
}

/** The postings of one balance up to a sequence, page by page or one by one. */
class PostingReader {
  readonly #postings: Exclude<LedgerStore['postings'], undefined>;
  readonly #key: Omit<PostingQuery, 'after' | 'limit'>;
  readonly #last: number;
  #after = 0;
  #page: readonly StoredPosting[] = [];
  #position = 0;

  constructor(
    postings: Exclude<LedgerStore['postings'], undefined>,
    key: Omit<PostingQuery, 'after' | 'limit'>,
    last: number,
  ) {
    this.#postings = postings;
    this.#key = key;
    this.#last = last;
  }

  /** Empty at the end. */
  nextPage(): ResultAsync<readonly StoredPosting[], StoreFault> {
    return this.#postings({ ...this.#key, after: this.#after, limit: PAGE_LIMIT_MAX }).map(({ items }) => {
      this.#after = items.at(-1)?.sequence ?? this.#last;
      // Others may have written since the journal was read.
      return items.filter(posting => posting.sequence <= this.#last);
    });
  }

  /** Undefined at the end. */
  next(): ResultAsync<StoredPosting | undefined, StoreFault> {
    const reader = this;
    return safeTry(async function* () {
      if (reader.#position === reader.#page.length) {
        reader.#page = yield* await reader.nextPage();
        reader.#position = 0;
      }
      return ok(reader.#page[reader.#position++]);
    });
  }
}

/** Balances whose postings differ somewhere, until it is found where. */
class Suspects {
  readonly breaches: Breach[] = [];
  readonly #readers = new Map<VariantId, Map<LocationId, PostingReader>>();
  readonly #fold = new Fold();
  size = 0;

  add({ variantId, locationId }: BalanceKey, reader: PostingReader): void {
    const ofVariant = this.#readers.get(variantId) ?? new Map<LocationId, PostingReader>();
    this.#readers.set(variantId, ofVariant.set(locationId, reader));
    this.size += 1;
  }

  /** Takes the records in order, and the postings of each with it. */
  compare(record: StoredRecord): ResultAsync<void, StoreFault> {
    const suspects = this;
    return safeTry(async function* () {
      for (const { key, delta } of tally(linesOf(record))) {
        const reader = suspects.#readers.get(key.variantId)?.get(key.locationId);
        if (reader === undefined) continue;
        const posting = yield* await reader.next();
        const before = onHandOf(suspects.#fold.onHand, key);
        suspects.#judge(key, { sequence: record.sequence, onHand: before + delta }, posting, before);
      }
      suspects.#fold.addRecord(record);
      return ok();
    });
  }

  /** Those that were like the journal up to its end have postings too many. */
  compareRest(): ResultAsync<void, StoreFault> {
    const suspects = this;
    return safeTry(async function* () {
      for (const [variantId, readers] of suspects.#readers)
        for (const [locationId, reader] of readers) {
          const posting = yield* await reader.next();
          const folded = onHandOf(suspects.#fold.onHand, { variantId, locationId });
          // Undefined: what was another at the first reading is right at the second.
          if (posting !== undefined)
            suspects.#report({ variantId, locationId }, posting.sequence, folded, posting.onHand);
        }
      return ok();
    });
  }

  #judge(key: BalanceKey, expected: StoredPosting, posting: StoredPosting | undefined, before: number): void {
    if (posting?.sequence === expected.sequence && posting.onHand === expected.onHand) return;
    this.#readers.get(key.variantId)?.delete(key.locationId);
    this.size -= 1;
    // One that comes too early answers for sequences at which nothing had moved.
    if (posting !== undefined && posting.sequence < expected.sequence)
      this.#report(key, posting.sequence, before, posting.onHand);
    else
      this.#report(
        key,
        expected.sequence,
        expected.onHand,
        posting?.sequence === expected.sequence ? posting.onHand : before,
      );
  }

  #report(key: BalanceKey, sequence: number, folded: number, stored: number): void {
    this.breaches.push({ invariant: 'asOfAgrees', ...key, sequence, folded, stored });
  }
}
