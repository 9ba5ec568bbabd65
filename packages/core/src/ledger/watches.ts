import type { ResultAsync } from 'neverthrow';
import type { StoreFault } from './fault.ts';
import type { WatchQueryInput } from './query.ts';
import type { Reading } from './reading.ts';
import type { Snapshot } from './watch.ts';

/** Everybody who watches through one handle: each begins when the code for it is there. */
export class Watches {
  readonly #reading: () => ResultAsync<Reading, StoreFault>;
  readonly #wait: (run: () => void) => () => void;
  readonly #stops = new Set<() => void>();

  /** @param wait - Calls a function some time later, unless the function it gives is called before. */
  constructor(reading: () => ResultAsync<Reading, StoreFault>, wait: (run: () => void) => () => void) {
    this.#reading = reading;
    this.#wait = wait;
  }

  /** @returns A function that ends it. */
  add(query: WatchQueryInput, listener: (snapshot: Snapshot) => void): () => void {
    let end = () => {};
    const stop = () => {
      this.#stops.delete(stop);
      end();
    };
    const begin = async () => {
      const reading = await this.#reading();
      if (!this.#stops.has(stop)) return;
      if (reading.isOk()) end = reading.value.watch(query, listener);
      else {
        // It stays closed.
        if (reading.error.retry !== 'never') end = this.#wait(begin);
        listener({ asOf: 0, balances: [], fault: reading.error });
      }
    };
    this.#stops.add(stop);
    void begin();
    return stop;
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }
}
