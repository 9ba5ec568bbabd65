import { describeAsOf } from './store-suite/as-of.ts';
import { describeAtomicity } from './store-suite/atomicity.ts';
import { describeBalancePages } from './store-suite/balance-pages.ts';
import { onBench } from './store-suite/bench.ts';
import { describeBounds } from './store-suite/bounds.ts';
import { describeClose } from './store-suite/close.ts';
import { describeConcurrency } from './store-suite/concurrency.ts';
import { describeConfig } from './store-suite/config.ts';
import { describeDurability } from './store-suite/durability.ts';
import { describeGuards } from './store-suite/guards.ts';
import { describeIdempotency } from './store-suite/idempotency.ts';
import { describeIsolation } from './store-suite/isolation.ts';
import { describeJournalPages } from './store-suite/journal-pages.ts';
import { describeLoad } from './store-suite/load.ts';
import { describeLowStock } from './store-suite/low-stock.ts';
import { describeNotes } from './store-suite/notes.ts';
import { describeSequences } from './store-suite/sequences.ts';
import { describeSeveralHandles } from './store-suite/several-handles.ts';
import type { OpenedStore, StoreSupport, Suite, TestRunner } from './store-suite/suite.ts';
import { describeTrackedProducts } from './store-suite/tracked-products.ts';
import { describeUpkeep } from './store-suite/upkeep.ts';

/** How the suite gets its stores, and what runs it. */
export type StoreSuiteOptions = Readonly<{
  /** Called once or twice per test: each time a fresh, empty store. */
  open: () => OpenedStore | Promise<OpenedStore>;
  /** `describe` and `it` of the test runner in use. */
  runner: TestRunner;
  /** What the store can do beyond the contract; nothing when absent. */
  supports?: StoreSupport | undefined;
}>;

const PARTS: readonly ((suite: Suite) => void)[] = [
  describeLoad,
  describeAtomicity,
  describeGuards,
  describeBounds,
  describeIdempotency,
  describeConfig,
  describeTrackedProducts,
  describeLowStock,
  describeNotes,
  describeSequences,
  describeBalancePages,
  describeJournalPages,
  describeAsOf,
  describeIsolation,
  describeDurability,
  describeConcurrency,
  describeSeveralHandles,
  describeUpkeep,
  describeClose,
];

/**
 * Says whether a `LedgerStore` keeps its contract: registers the whole suite with a test runner.
 *
 * Assertions throw plain errors and nothing here needs a platform, so it runs wherever the store does.
 *
 * @param name - Of the store, for the report.
 * @example
 * import { describe, it } from 'node:test';
 * describeLedgerStore('memory', { open: () => ({ store: createMemoryStore() }), runner: { describe, it } });
 */
export function describeLedgerStore(name: string, { open, runner, supports = {} }: StoreSuiteOptions): void {
  const suite: Suite = {
    describe: (title, body) => runner.describe(title, body),
    it: (title, body) => void runner.it(title, () => onBench(open, body)),
    supports: { durable: supports.durable ?? false, severalHandles: supports.severalHandles ?? false },
  };
  runner.describe(`a ledger store: ${name}`, () => {
    for (const part of PARTS) part(suite);
  });
}
