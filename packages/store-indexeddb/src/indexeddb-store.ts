import { createEngine } from './engine.ts';
import { withNews } from './news.ts';
import type { IndexedDbStore, IndexedDbStoreOptions } from './options.ts';
import { createLocalWitness } from './witness.ts';

/**
 * The ledger in the browser's IndexedDB. Any number of tabs and workers may have the same database open, each with any
 * number of organizations: guards are checked within the transaction that writes.
 *
 * The database is opened, or made, by the first call, which answers with the fault if it cannot be.
 *
 * @throws TypeError when an option is none: a mistake in the program.
 */
export function createIndexedDbStore(options: IndexedDbStoreOptions): IndexedDbStore {
  if (typeof options.name !== 'string' || options.name === '')
    throw new TypeError('createIndexedDbStore: name names a database');
  return withNews(createEngine(options, createLocalWitness(options.name)), options.name);
}
