import type { LedgerStore } from '@stockfold/core';

/** The two functions of a test runner that the suite calls; those of vitest, Jest, Mocha and `node:test` fit. */
export type TestRunner = Readonly<{
  describe: (name: string, body: () => void) => unknown;
  it: (name: string, body: () => Promise<void>) => unknown;
}>;

/** A store to test, with what only its maker can do. */
export type OpenedStore = Readonly<{
  /** Fresh and empty. */
  store: LedgerStore;
  /** Opens the same data once more. It closes nothing: the suite closes every store it was given. */
  reopen?: (() => LedgerStore | Promise<LedgerStore>) | undefined;
  /** Clears away what the store left behind; called when all stores of the test are closed. */
  dispose?: (() => void | Promise<void>) | undefined;
}>;

/** What a store can do beyond the contract. What it cannot do is tested too. */
export type StoreSupport = Readonly<{
  /** Data outlives `close`; then `reopen` is there. */
  durable?: boolean | undefined;
  /** The same data may be open several times at once; then `reopen` is there. */
  severalHandles?: boolean | undefined;
}>;

/** What a test works on. */
export type Bench = Readonly<{
  store: LedgerStore;
  /** The same data once more. */
  reopen: () => Promise<LedgerStore>;
  /** Whether the maker of the store gave a `reopen`. */
  reopens: boolean;
  /** A further store, fresh and empty. */
  another: () => Promise<LedgerStore>;
}>;

/** What a part of the suite is written with. */
export type Suite = Readonly<{
  describe: TestRunner['describe'];
  /** Each test gets a fresh, empty store. */
  it: (name: string, body: (bench: Bench) => Promise<void>) => void;
  supports: Readonly<{ durable: boolean; severalHandles: boolean }>;
}>;
