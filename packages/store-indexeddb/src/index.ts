export {
  createIndexedDbStore,
  type IndexedDbStore,
  type IndexedDbStoreOptions,
  type StoreStatus,
} from './indexeddb-store.ts';
export { createJournaledStore, type JournaledStoreOptions } from './journaled-store.ts';
export type { Loss } from './witness.ts';
