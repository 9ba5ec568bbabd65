import { type Doing, toStoreFault } from './fault.ts';
import type { StoreName } from './schema.ts';

/** Thrown when a connection is closing, before anything was asked of it. */
export class ConnectionGone extends Error {}

/** A transaction that is open, with what was done in it so far. */
export type Open = Readonly<{
  store: (name: StoreName) => IDBObjectStore;
  /**
   * Waits for a burst of requests and gives their results, in order. Nothing else may be awaited in a transaction: it
   * ends by itself as soon as nothing is asked of it.
   */
  results: <const R extends readonly IDBRequest[]>(requests: R) => Promise<Results<R>>;
  /** Ends a transaction that writes: everything that was asked of it is applied, or nothing is. */
  commit: () => void;
}>;

type Results<R extends readonly IDBRequest[]> = {
  -readonly [I in keyof R]: R[I] extends IDBRequest<infer T> ? T : never;
};

/**
 * Runs a body in one transaction. One that writes is answered when `complete` says so, since the success of its
 * requests says nothing: at a full disk they succeed, and then all is undone.
 *
 * Whatever the body throws aborts the transaction; the half that was asked for would be applied otherwise. Throws a
 * `StoreFault`, or `ConnectionGone`.
 */
export async function transact<T>(
  db: IDBDatabase,
  names: readonly StoreName[],
  mode: 'readonly' | 'readwrite',
  body: (open: Open) => Promise<T>,
): Promise<T> {
  const tx = begin(db, names, mode);
  let doing: Doing = mode === 'readonly' ? 'reading' : 'writing';
  const ended = endOf(tx);
  try {
    const value = await body({
      store: name => tx.objectStore(name),
      results: requests => resultsOf(requests),
      commit: () => {
        doing = 'committing';
        tx.commit();
      },
    });
    if (mode === 'readwrite') await ended;
    return value;
  } catch (error) {
    abort(tx);
    await ended.catch(() => undefined);
    throw toStoreFault(tx.error ?? error, doing);
  }
}

function begin(db: IDBDatabase, names: readonly StoreName[], mode: IDBTransactionMode): IDBTransaction {
  try {
    // Durability is a hint; the default of every browser is to acknowledge before the disk has it.
    return db.transaction([...names], mode, { durability: 'strict' });
  } catch (error) {
    throw error instanceof Error && error.name === 'InvalidStateError' ? new ConnectionGone() : error;
  }
}

function endOf(tx: IDBTransaction): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new DOMException('the transaction was aborted', 'AbortError'));
  });
  // Nobody waits for the end of a transaction that reads.
  ended.catch(() => undefined);
  return ended;
}

/** Requests are answered in order, and one that fails aborts the transaction, so the last one speaks for all. */
function resultsOf<const R extends readonly IDBRequest[]>(requests: R): Promise<Results<R>> {
  const last = requests.at(-1);
  return new Promise((resolve, reject) => {
    if (last === undefined) return resolve([] as Results<R>);
    last.onsuccess = () => resolve(requests.map(request => request.result) as Results<R>);
    last.onerror = () => reject(last.error);
  });
}

function abort(tx: IDBTransaction): void {
  try {
    tx.abort();
  } catch {
    // It has ended already.
  }
}
