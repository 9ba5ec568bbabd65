import { createLedger } from '@stockfold/core';
import type { IndexedDbStore } from '@stockfold/store-indexeddb';
import { describeLedger, describeLedgerStore, type TestRunner } from '@stockfold/testing';
import { deleteDatabase, forget, newName } from './open-store.ts';

/** A test of the suite, under all its titles. */
export type RegisteredTest = Readonly<{ name: string; body: () => Promise<void> }>;

/** How each store is opened, by the name of its database. */
export type Stores = Readonly<Record<'plain' | 'journaled', (name: string) => IndexedDbStore>>;

/** The suite of stores on both of them, and the one of ledgers, for a page without a test runner: tests in their order. */
export function registerSuites({ plain, journaled }: Stores): readonly RegisteredTest[] {
  const tests: RegisteredTest[] = [];
  const titles: string[] = [];
  const runner: TestRunner = {
    describe: (title, body) => {
      titles.push(title);
      body();
      titles.pop();
    },
    it: (title, body) => tests.push({ name: [...titles, title].join(' > '), body }),
  };
  const register = (title: string, open: (name: string) => IndexedDbStore, dispose: (name: string) => Promise<void>) =>
    describeLedgerStore(title, {
      open: () => {
        const name = newName();
        return { store: open(name), reopen: () => open(name), dispose: () => dispose(name) };
      },
      runner,
      supports: { durable: true, severalHandles: true },
    });
  register('IndexedDB', plain, deleteDatabase);
  describeLedger('on IndexedDB', {
    open: options => createLedger({ store: plain(newName()), ...options }),
    runner,
    numRuns: 2,
  });
  register('IndexedDB behind a journal of files', journaled, forget);
  return tests;
}
