import { type SetTimer, storeFault } from '@stockfold/core';
import { toStoreFault } from './fault.ts';

export type OpenOptions = Readonly<{
  name: string;
  version: number;
  /** Makes what a database of no version lacks. */
  create: (db: IDBDatabase, tx: IDBTransaction) => void;
  /** How long to wait for other tabs that hold an older version open, in milliseconds. */
  timeoutMs: number;
  setTimer: SetTimer;
}>;

/**
 * Opens a database. It closes by itself when another tab wants a newer version, or to delete it: one tab that is left
 * open for days would stop all others.
 *
 * Rejects with a `StoreFault`: `StoreTooNew` when a newer version has been here, `StoreBusy` when an old tab does not
 * let go.
 */
export function openDatabase({ name, version, create, timeoutMs, setTimer }: OpenOptions): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    let isBlocked = false;
    let isLate = false;
    // Not from `blocked` on: of two opens in one tab only the first one hears it.
    const cancel = setTimer(() => {
      isLate = true;
      reject(lateFault(isBlocked));
    }, timeoutMs);
    request.onblocked = () => {
      isBlocked = true;
    };
    request.onupgradeneeded = () => create(request.result, request.transaction as IDBTransaction);
    request.onerror = () => {
      cancel();
      reject(toStoreFault(request.error, 'opening'));
    };
    request.onsuccess = () => {
      cancel();
      const db = request.result;
      db.onversionchange = () => db.close();
      if (isLate) db.close();
      resolve(db);
    };
  });
}

function lateFault(isBlocked: boolean): unknown {
  return isBlocked
    ? storeFault('StoreBusy', 'another tab holds an older version of the database open: close it')
    : storeFault('StoreUnavailable', 'the database could not be opened');
}
