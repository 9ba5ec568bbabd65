import { storeFault } from '@stockfold/core';
import type { StoreName } from './schema.ts';
import { ConnectionGone, type Open, transact } from './transaction.ts';

/**
 * One connection, opened by the first call and again when the browser has closed it: it does so when the site's data
 * is cleared, when the disk fails, or for another tab that upgrades.
 */
export class Connection {
  readonly #connect: () => Promise<IDBDatabase>;
  readonly #onGone: () => void;
  #db: Promise<IDBDatabase> | null = null;
  #isClosed = false;
  readonly #running = new Set<Promise<unknown>>();

  /** @param onGone - Called when a connection has ended: what is remembered of its database may no longer be so. */
  constructor(connect: () => Promise<IDBDatabase>, onGone: () => void) {
    this.#connect = connect;
    this.#onGone = onGone;
  }

  /** Runs one transaction. Where the connection turns out to be gone before anything was asked of it, once more. */
  run<T>(names: readonly StoreName[], mode: 'readonly' | 'readwrite', body: (open: Open) => Promise<T>): Promise<T> {
    return this.#counted(this.#run(this.open(), names, mode, body));
  }

  /** As {@link run}, by code that is loaded meanwhile: nothing but requests may be awaited in a transaction. */
  runBy<C, T>(
    code: Promise<C>,
    names: readonly StoreName[],
    mode: 'readonly' | 'readwrite',
    body: (code: C, open: Open) => Promise<T>,
  ): Promise<T> {
    const db = this.open();
    const both = Promise.all([code, db]);
    return this.#counted(both.then(([loaded]) => this.#run(db, names, mode, open => body(loaded, open))));
  }

  #counted<T>(running: Promise<T>): Promise<T> {
    this.#running.add(running);
    const done = () => this.#running.delete(running);
    running.then(done, done);
    return running;
  }

  open(): Promise<IDBDatabase> {
    if (this.#isClosed) return Promise.reject(storeFault('StoreClosed', 'the store was closed'));
    if (this.#db !== null) return this.#db;
    const opening = this.#connect();
    this.#db = opening;
    opening.then(
      db => db.addEventListener('close', () => this.#drop(opening)),
      // The next call tries again.
      () => this.#drop(opening),
    );
    return opening;
  }

  /** Refuses all later calls, and waits for those under way. */
  async close(): Promise<void> {
    const opening = this.#db;
    this.#isClosed = true;
    await Promise.allSettled(this.#running);
    this.#db = null;
    const db = await opening?.catch(() => null);
    db?.close();
  }

  async #run<T>(
    db: Promise<IDBDatabase>,
    names: readonly StoreName[],
    mode: 'readonly' | 'readwrite',
    body: (open: Open) => Promise<T>,
  ): Promise<T> {
    try {
      return await transact(await db, names, mode, body);
    } catch (error) {
      if (!(error instanceof ConnectionGone)) throw error;
      this.#drop(db);
      return transact(await this.open(), names, mode, body).catch(goneFault);
    }
  }

  #drop(gone: Promise<IDBDatabase>): void {
    if (this.#db !== gone) return;
    this.#db = null;
    this.#onGone();
  }
}

function goneFault(error: unknown): never {
  throw error instanceof ConnectionGone
    ? storeFault('StoreUnavailable', 'the browser closed the database', error)
    : error;
}
