import { createIndexedDbStore, type IndexedDbStore } from '@stockfold/store-indexeddb';

let count = 0;

/** A name that no other test uses. */
export function newName(): string {
  count += 1;
  return `test-${count}-${Math.random().toString(36).slice(2)}`;
}

/** A store on a database of its own, which is deleted when the store is closed. */
export function openEmpty(): IndexedDbStore {
  const name = newName();
  const store = createIndexedDbStore({ name, persist: false });
  return { ...store, close: () => store.close().map(() => deleteDatabase(name)) };
}

/** Deletes a database that nobody has open. */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

/** Deletes a database that nobody has open, and its journal. */
export async function forget(name: string): Promise<void> {
  await deleteDatabase(name);
  const root = await navigator.storage.getDirectory();
  const all = await root.getDirectoryHandle('stockfold', { create: true });
  await all.removeEntry(encodeURIComponent(name), { recursive: true }).catch(() => undefined);
}
