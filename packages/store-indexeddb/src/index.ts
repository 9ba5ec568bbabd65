export { createIndexedDbStore } from './indexeddb-store.ts';
export { createJournaledStore, type JournaledStoreOptions } from './journaled-store.ts';
export type { IndexedDbStore, IndexedDbStoreOptions, StoreStatus } from './options.ts';
export type { Loss } from './witness.ts';
