import { storeFault } from '@stockfold/core';
import { type Connection, type ConnectionOptions, connect, disconnect, isInMemory } from './connection.ts';
import { leavesConnectionFit, toStoreFault } from './fault.ts';

/**
 * A file that is opened by the first use of it, and opened again by the next use after its connection broke: what had
 * been committed is found there. Every method rejects with a `StoreFault`.
 */
export class SqliteFile {
  readonly #options: ConnectionOptions;
  #connection: Promise<Connection> | null = null;
  #isClosed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Runs something on the open file, in one synchronous burst. */
  async use<T>(run: (connection: Connection) => T): Promise<T> {
    const connection = await this.#open();
    // A call that waited while another one broke the connection takes the next one.
    return connection.db.isOpen ? this.#attempt(connection, run) : this.use(run);
  }

  /** Closes the file after what has been asked for; every use after it is `StoreClosed`. */
  async close(): Promise<void> {
    const opened = this.#connection;
    this.#isClosed = true;
    this.#connection = null;
    const connection = await opened?.catch(() => undefined);
    if (connection !== undefined) disconnect(connection.db);
  }

  #open(): Promise<Connection> {
    if (this.#isClosed) return Promise.reject(storeFault('StoreClosed', 'the store was closed'));
    this.#connection ??= connect(this.#options).catch((fault: unknown) => {
      // The next call tries again: a directory may be made, a disk mounted.
      this.#connection = null;
      throw fault;
    });
    return this.#connection;
  }

  #attempt<T>(connection: Connection, run: (connection: Connection) => T): T {
    try {
      return run(connection);
    } catch (error) {
      const fault = toStoreFault(error);
      const isFit = leavesConnectionFit(fault) && !connection.db.isTransaction;
      // What lives in memory would end with its connection.
      if (!isFit && !isInMemory(this.#options.path)) {
        disconnect(connection.db);
        this.#connection = null;
      }
      throw fault;
    }
  }
}
