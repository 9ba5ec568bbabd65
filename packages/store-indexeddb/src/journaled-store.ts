import { type StoreFault, storeFault } from '@stockfold/core';
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { Calls, Reply, Request } from './journal/messages.ts';
import { withNews } from './news.ts';
import type { IndexedDbStore, IndexedDbStoreOptions, StoreStatus } from './options.ts';
import { askToPersist } from './persistence.ts';
import type { Loss } from './witness.ts';

/** Where the ledger is kept, and what keeps it. */
export type JournaledStoreOptions = Omit<IndexedDbStoreOptions, 'setTimer'> &
  Readonly<{
    /** A dedicated worker that runs `@stockfold/store-indexeddb/worker`, for this store alone. */
    worker: Worker;
  }>;

/**
 * The ledger in IndexedDB with a journal of files in front of it: each commit is in a file, flushed to the disk, before
 * the database is written and the command acknowledged. Where the browser has emptied the database, the next call
 * rebuilds it from the journal and `onLost` says so.
 *
 * All of it runs in a worker, since only there a file can be flushed. The store ends the worker when it is closed.
 *
 * @throws TypeError when an option is none: a mistake in the program.
 */
export function createJournaledStore(options: JournaledStoreOptions): IndexedDbStore {
  const { name, worker, onLost, persist = true, openTimeoutMs } = options;
  if (typeof name !== 'string' || name === '') throw new TypeError('createJournaledStore: name names a database');
  if (typeof worker?.postMessage !== 'function') throw new TypeError('createJournaledStore: worker is a Worker');
  const remote = new Remote(worker, loss => onLost?.(loss));
  remote.send({ kind: 'open', name, openTimeoutMs });
  let persisted: Promise<boolean | null> | null = null;
  const ask = <T>(call: keyof Calls, ...args: readonly unknown[]): ResultAsync<T, StoreFault> => {
    persisted ??= persist ? askToPersist() : Promise.resolve(null);
    return new ResultAsync(remote.call<T>(call, args));
  };
  const store: IndexedDbStore = {
    durability: 'device',
    load: (...args) => ask('load', ...args),
    commit: (...args) => ask('commit', ...args),
    balances: (...args) => ask('balances', ...args),
    journal: (...args) => ask('journal', ...args),
    trackedProducts: (...args) => ask('trackedProducts', ...args),
    notes: (...args) => ask('notes', ...args),
    lowStock: (...args) => ask('lowStock', ...args),
    locations: (...args) => ask('locations', ...args),
    postings: (...args) => ask('postings', ...args),
    upkeep: {
      census: (...args) => ask('census', ...args),
      mendHead: (...args) => ask('mendHead', ...args),
      mend: (...args) => ask('mend', ...args),
    },
    status: () =>
      ask<StoreStatus>('status').andThen(status =>
        ResultAsync.fromSafePromise(Promise.resolve(persisted).then(answer => ({ ...status, persisted: answer }))),
      ),
    close: () => new ResultAsync(remote.close()),
  };
  return withNews(store, name);
}

type Pending = Readonly<{ call: keyof Calls; resolve: (answer: Result<never, StoreFault>) => void }>;

/** Calls to a worker that wait for their answers. */
class Remote {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #sent = 0;
  #hasAnswered = false;
  #broken: string | null = null;
  #end: Promise<Result<void, StoreFault>> | null = null;

  constructor(worker: Worker, onLost: (loss: Loss) => void) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      this.#hasAnswered = true;
      if (data.kind === 'lost') onLost(data.loss);
      else this.#settle(data.id, data.kind === 'answer' ? ok(data.value as never) : err(data.fault));
    });
    // Its program could not be loaded, or has thrown: nobody will answer any more.
    worker.addEventListener('error', event => {
      if (!this.#hasAnswered) this.#broken = event.message || 'the program of the worker could not be loaded';
      for (const [id, { call }] of this.#pending) this.#settle(id, err(deadFault(call, event.message)));
    });
  }

  send(request: Request): void {
    this.#worker.postMessage(request);
  }

  call<T>(call: keyof Calls, args: readonly unknown[]): Promise<Result<T, StoreFault>> {
    if (this.#end !== null) return Promise.resolve(err(storeFault('StoreClosed', 'the store was closed')));
    return this.#ask(call, args);
  }

  close(): Promise<Result<void, StoreFault>> {
    this.#end ??= this.#ask<void>('close', []).then(answer => {
      this.#worker.terminate();
      return answer;
    });
    return this.#end;
  }

  #ask<T>(call: keyof Calls, args: readonly unknown[]): Promise<Result<T, StoreFault>> {
    if (this.#broken !== null)
      return Promise.resolve(call === 'close' ? ok(undefined as T) : err(deadFault(call, this.#broken)));
    this.#sent += 1;
    const id = this.#sent;
    return new Promise(resolve => {
      this.#pending.set(id, { call, resolve });
      this.send({ kind: 'call', id, call, args });
    });
  }

  #settle(id: number, answer: Result<never, StoreFault>): void {
    this.#pending.get(id)?.resolve(answer);
    this.#pending.delete(id);
  }
}

function deadFault(call: keyof Calls, message: string): StoreFault {
  return call === 'commit'
    ? storeFault('OutcomeUnknown', 'the worker ended: send the same command again', message)
    : storeFault('StoreUnavailable', 'the worker could not be started, or has ended', message);
}
