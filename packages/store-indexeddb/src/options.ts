import type { LedgerStore, SetTimer, StoreFault } from '@stockfold/core';
import type { ResultAsync } from 'neverthrow';
import type { Loss } from './witness.ts';

/** Where the ledger is kept. */
export type IndexedDbStoreOptions = Readonly<{
  /** Of the database, one of this site's. */
  name: string;
  /** Called when the database is not the one it was: the browser has emptied it. */
  onLost?: ((loss: Loss) => void) | undefined;
  /** Whether the browser is asked to keep the data when the disk gets full; true when absent. Firefox asks the user. */
  persist?: boolean | undefined;
  /** How long a call waits for other tabs that hold an older version open, in milliseconds; 10,000 when absent. */
  openTimeoutMs?: number | undefined;
  /** For that: `setTimeout` when absent. */
  setTimer?: SetTimer | undefined;
}>;

/** How the store is doing. */
export type StoreStatus = Readonly<{
  /** Whether the browser keeps the data when the disk gets full; null when it was not asked or did not say. */
  persisted: boolean | null;
  /** Names this database: another one means that it was made anew. */
  incarnation: string;
  /** The last loss this handle has met; null when there was none. */
  lost: Loss | null;
}>;

/** A ledger store that can say how it is doing. */
export type IndexedDbStore = LedgerStore &
  Readonly<{
    /** How it is doing now; a fault when the database cannot be opened. */
    status: () => ResultAsync<StoreStatus, StoreFault>;
  }>;
