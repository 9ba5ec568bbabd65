import { type StoreFault, storeFault } from '@stockfold/core';
import { err, ok, type Result, ResultAsync } from 'neverthrow';

/** Counts the calls under way, so that closing can wait for them, and refuses those that come later. */
export class Calls {
  readonly #open = new Set<Promise<unknown>>();
  #isClosed = false;

  run<T, E>(call: () => Promise<Result<T, E>>): ResultAsync<T, E | StoreFault> {
    if (this.#isClosed) return new ResultAsync(Promise.resolve(err(closed())));
    const running: Promise<Result<T, E | StoreFault>> = call();
    this.#open.add(running);
    return new ResultAsync(running.finally(() => this.#open.delete(running)));
  }

  close(): ResultAsync<void, StoreFault> {
    this.#isClosed = true;
    return new ResultAsync(Promise.allSettled(this.#open).then(() => ok(undefined)));
  }
}

function closed(): StoreFault {
  return storeFault('StoreClosed', 'the ledger was closed');
}
