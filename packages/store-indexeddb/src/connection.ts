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

  /** @param onGone - Called when a connection has ended: what is remembered of its database may no longer be so. */
  constructor(connect: () => Promise<IDBDatabase>, onGone: () => void) {
    this.#connect = connect;
    this.#onGone = onGone;
  }

  /** Runs one transaction. Where the connection turns out to be gone before anything was asked of it, once more. */
  async run<T>(
    names: readonly StoreName[],
    mode: 'readonly' | 'readwrite',
    body: (open: Open) => Promise<T>,
  ): Promise<T> {
    const db = this.open();
    try {
      return await transact(await db, names, mode, body);
    } catch (error) {
      if (!(error instanceof ConnectionGone)) throw error;
      this.#drop(db);
      return transact(await this.open(), names, mode, body).catch(goneFault);
    }
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

  /** Lets the transactions under way end, and refuses all later ones. */
  async close(): Promise<void> {
    const opening = this.#db;
    this.#isClosed = true;
    this.#db = null;
    const db = await opening?.catch(() => null);
    db?.close();
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
