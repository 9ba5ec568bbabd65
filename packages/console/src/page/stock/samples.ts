import { ok, okAsync, type ResultAsync } from 'neverthrow';
import type { Api } from '../api/api.ts';
import type { ApiError } from '../api/api-error.ts';
import type { StockKey } from './steps.ts';

// Some variants on the way through a long journal; then it begins anew.
const KEPT = 5_000;

/** What was where as of a sequence, remembered: that never changes. */
export class Samples {
  /** Another one for other samples. */
  readonly epoch: number;
  readonly #ask: Api['ask'];
  readonly #onHand = new Map<string, number>();

  constructor({ ask }: Pick<Api, 'ask'>, epoch: number) {
    this.#ask = ask;
    this.epoch = epoch;
  }

  /** On hand right after a record, in smallest units; 0 where nothing had moved by then. */
  read({ variantId, locationId }: StockKey, asOf: number, signal: AbortSignal): ResultAsync<number, ApiError> {
    const name = `${variantId} ${locationId} ${asOf}`;
    const known = this.#onHand.get(name);
    if (known !== undefined) return okAsync(known);
    const query = { variantIds: [variantId], locationId, asOf, limit: 1 };
    return this.#ask({ kind: 'balances', query }, signal).andThen(({ items }) => {
      const onHand = items[0]?.onHand ?? 0;
      if (this.#onHand.size >= KEPT) this.#onHand.clear();
      this.#onHand.set(name, onHand);
      return ok(onHand);
    });
  }
}
