export {
  createIndexedDbStore,
  type IndexedDbStore,
  type IndexedDbStoreOptions,
  type StoreStatus,
} from './indexeddb-store.ts';
export type { Loss } from './witness.ts';
