import { createLedger, type Ledger, type Policy } from '@stockfold/core';
import { createIndexedDbStore, type IndexedDbStore, type Loss } from '@stockfold/store-indexeddb';

/** Nothing is sold that is not there. */
export const POLICY: Policy = { floors: { STORE: 0 } };

/** The ledger of this till, and the store it is on. */
export type Till = Readonly<{ ledger: Ledger; store: IndexedDbStore }>;

/**
 * Opens the ledger in this browser. Every tab and the service worker have one of their own, on the same database.
 *
 * @param onLost - Called when the browser has emptied the database.
 */
export function openTill(onLost?: (loss: Loss) => void): Till {
  const store = createIndexedDbStore({ name: 'till', onLost });
  return { store, ledger: createLedger({ store, policy: POLICY }) };
}
