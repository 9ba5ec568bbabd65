import { errAsync, type ResultAsync } from 'neverthrow';
import { systemLocationList } from '../model/location.ts';
import type { Policy } from '../model/policy.ts';
import { NO_KEYS } from '../rules/slice.ts';
import { journalExcept } from './except-source.ts';
import { type StoreFault, storeFault } from './fault.ts';
import type { Ledger } from './ledger.ts';
import {
  PAGE_LIMIT_MAX,
  parseBalanceAt,
  parseBalanceQuery,
  parseJournalQuery,
  parseLowStockQuery,
  parseNoteQuery,
  parsePostingQuery,
  parseProductQuery,
  parseRecordsQuery,
  parseWatchQuery,
  type QueryContext,
} from './query.ts';
import type { LedgerStore } from './store.ts';
import { createWatching, type WatchingOptions } from './watch.ts';

/** What looks at a ledger and changes nothing; a page that sells loads it when somebody first looks. */
export type Reading = Pick<
  Ledger,
  | 'balances'
  | 'balanceAt'
  | 'journal'
  | 'postings'
  | 'records'
  | 'trackedProducts'
  | 'lowStock'
  | 'notes'
  | 'policy'
  | 'locations'
  | 'watch'
>;

export type ReadingOptions = Readonly<{
  store: LedgerStore;
  context: QueryContext;
  /** What the organization would be founded with. */
  policy: Policy | undefined;
  /** Makes a call of its own, for which `close` waits, of what is read for those who watch. */
  call: <T>(read: () => ResultAsync<T, StoreFault>) => ResultAsync<T, StoreFault>;
}> &
  Pick<WatchingOptions, 'setTimer' | 'pollMs'>;

/** Reads a store for whoever asks by queries. */
export function createReading({ store, context, policy, call, ...timing }: ReadingOptions): Reading {
  const { organizationId, system } = context;
  const startWatch = createWatching({
    store,
    organizationId,
    ...timing,
    balances: page => call(() => store.balances(page)),
    journal: after => call(() => store.journal({ organizationId, after, limit: PAGE_LIMIT_MAX })),
  });
  return {
    balances: (query = {}) => parseBalanceQuery(query, context).asyncAndThen(parsed => store.balances(parsed)),
    balanceAt: query =>
      parseBalanceAt(query, context).asyncAndThen(({ variantId, ...rest }) =>
        store.balances({ ...rest, variantIds: [variantId], limit: 1 }).map(({ items, asOf }) => {
          const onHand = items[0]?.onHand ?? 0;
          return { locationId: rest.locationId, variantId, onHand, asOf };
        }),
      ),
    journal: (query = {}) =>
      parseJournalQuery(query, context).asyncAndThen(({ exceptSource, ...page }) =>
        exceptSource === undefined ? store.journal(page) : journalExcept(store, page, exceptSource),
      ),
    postings: query =>
      parsePostingQuery(query, context).asyncAndThen(
        parsed => store.postings?.(parsed) ?? errAsync(storeFault('StoreFailed', 'this store keeps no postings')),
      ),
    records: query =>
      parseRecordsQuery(query, context).asyncAndThen(commandIds =>
        store
          .load(organizationId, NO_KEYS, commandIds)
          .map(({ known }) => known.toSorted((a, b) => a.sequence - b.sequence)),
      ),
    trackedProducts: (query = {}) =>
      parseProductQuery(query, context).asyncAndThen(parsed => store.trackedProducts(parsed)),
    lowStock: (query = {}) => parseLowStockQuery(query, context).asyncAndThen(parsed => store.lowStock(parsed)),
    notes: query => parseNoteQuery(query, context).asyncAndThen(parsed => store.notes(parsed)),
    policy: () =>
      store
        .load(organizationId, NO_KEYS, [])
        .map(({ slice }) => (slice.configVersion === 0 ? (policy ?? slice.policy) : slice.policy)),
    locations: () =>
      store.locations(organizationId).map(stored => (stored.length > 0 ? stored : systemLocationList(system))),
    watch: (query, listener) => startWatch(parseWatchQuery(query, context), listener),
  };
}
