import {
  type BalanceQuery,
  isNoRule,
  type LowStockQuery,
  type ProductQuery,
  type StoredRecord,
  storeFault,
} from '@stockfold/core';
import { errAsync, okAsync } from 'neverthrow';
import { SHOP } from '../../src/store-suite/shop.ts';
import type { Mutant } from './mutant.ts';

/** Takes `asOf` as before, not as after. */
export const isOneBehind: Mutant = inner => ({
  ...inner,
  balances: query => inner.balances(query.asOf === undefined ? query : { ...query, asOf: Math.max(0, query.asOf - 1) }),
});

/** Answers with the balances of now, whatever was asked. */
export const knowsNoPast: Mutant = inner => ({
  ...inner,
  balances: query => inner.balances({ ...query, asOf: undefined }),
});

/** Pages by row number: a row that comes in between moves the others. */
export const pagesByOffset: Mutant = inner => ({
  ...inner,
  balances: query =>
    inner.balances({ ...query, cursor: undefined, limit: 1_000 }).map(({ items, asOf }) => {
      const start = Number(query.cursor ?? 0);
      const end = start + query.limit;
      return { items: items.slice(start, end), next: end < items.length ? String(end) : null, asOf };
    }),
});

/** Gives a cursor though nothing is left. */
export const pagesOnceMore: Mutant = inner => ({
  ...inner,
  journal: query =>
    inner.journal(query).map(page => ({
      ...page,
      next: page.items.length === query.limit ? String(page.items.at(-1)?.sequence) : page.next,
    })),
});

/** Sorts by location first. */
export const sortsByLocation: Mutant = inner => ({
  ...inner,
  balances: query =>
    inner
      .balances(query)
      .map(page => ({ ...page, items: [...page.items].sort((a, b) => (a.locationId < b.locationId ? -1 : 1)) })),
});

/** Forgets one filter. */
export const ignoresFilter =
  (filter: keyof BalanceQuery): Mutant =>
  inner => ({ ...inner, balances: query => inner.balances({ ...query, [filter]: undefined }) });

/** Forgets one filter of the low-stock rules. */
export const ignoresLowStockFilter =
  (filter: keyof LowStockQuery): Mutant =>
  inner => ({ ...inner, lowStock: query => inner.lowStock({ ...query, [filter]: undefined }) });

/** Forgets one filter of the tracked products. */
export const ignoresProductFilter =
  (filter: keyof ProductQuery): Mutant =>
  inner => ({ ...inner, trackedProducts: query => inner.trackedProducts({ ...query, [filter]: undefined }) });

/** Keeps a low-stock rule that says nothing. */
export const keepsEmptyRules: Mutant = inner => ({
  ...inner,
  commit: commit =>
    inner.commit({
      ...commit,
      config: commit.config.map(change =>
        change.kind === 'LowStock' && isNoRule(change.rule)
          ? { ...change, rule: { ...change.rule, alert: true } }
          : change,
      ),
    }),
});

/** Hands out its own records, so that a caller can change the journal. */
export const sharesRecords: Mutant = inner => {
  const cache = new Map<string, StoredRecord>();
  return {
    ...inner,
    journal: query =>
      inner.journal(query).map(page => ({
        ...page,
        items: page.items.map(record => {
          const shared = cache.get(record.commandId) ?? record;
          cache.set(record.commandId, shared);
          return shared;
        }),
      })),
  };
};

/** Begins a history with the sequence that was asked for, not behind it. */
export const repeatsPosting: Mutant = inner => ({
  ...inner,
  postings: query =>
    inner.postings?.({ ...query, after: Math.max(0, query.after - 1) }) ?? errAsync(storeFault('StoreFailed', 'none')),
});

/** Gives the history of a variant as another organization's. */
export const sharesHistory: Mutant = inner => ({
  ...inner,
  postings: query =>
    inner.postings?.({ ...query, organizationId: SHOP }) ?? errAsync(storeFault('StoreFailed', 'none')),
});

/** Goes on after `close`. */
export const neverCloses: Mutant = inner => ({ ...inner, close: () => okAsync(undefined) });

/** Says that it is on disk. */
export const boastsDurability: Mutant = inner => ({ ...inner, durability: 'device' });
