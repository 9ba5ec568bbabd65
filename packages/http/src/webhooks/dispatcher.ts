import type { Uuid } from '@stockfold/core';
import { Lane, type LaneOptions, UNREADABLE_MS } from './lane.ts';
import { Looker, type Outcome } from './looker.ts';

/**
 * Delivers the journal of one organization to its subscriptions, each at its own pace: one that is slow or down holds
 * none of the others up.
 */
export class Dispatcher {
  readonly #options: LaneOptions;
  readonly #unwatch: () => void;
  readonly #lanes = new Map<Uuid, Lane>();
  readonly #looker: Looker;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#looker = new Looker({ ...options, look: () => this.#look() });
    // To watch no balance at all is to be told of every commit.
    this.#unwatch = options.ledger.watch({ variantIds: [] }, () => void this.wake());
  }

  /** Delivers all that is due. Called again while it does, it looks once more. */
  async wake(): Promise<void> {
    await this.#looker.wake();
    await Promise.all(Array.from(this.#lanes.values(), lane => lane.settled()));
  }

  /** Begins no further message, and waits for those under way. */
  async close(): Promise<void> {
    this.#unwatch();
    await this.#looker.close();
    await Promise.all(Array.from(this.#lanes.values(), lane => lane.close()));
  }

  async #look(): Promise<Outcome> {
    const { store, ledger, onLog } = this.#options;
    const entries = await store.list(ledger.organizationId);
    if (this.#looker.isOver) return null;
    if (entries.isErr()) {
      onLog({ kind: 'WebhooksUnreadable', organizationId: ledger.organizationId, fault: entries.error.kind });
      return this.#looker.pause(UNREADABLE_MS);
    }
    this.#wakeLanes(entries.value.map(({ subscription }) => subscription.uuid));
    return null;
  }

  #wakeLanes(uuids: readonly Uuid[]): void {
    for (const [uuid, lane] of this.#lanes) {
      // One that is under way ends by itself, and is forgotten the next time.
      if (uuids.includes(uuid) || !lane.isIdle) continue;
      this.#lanes.delete(uuid);
      void lane.close();
    }
    for (const uuid of uuids) {
      const lane = this.#lanes.get(uuid) ?? new Lane(this.#options, uuid);
      this.#lanes.set(uuid, lane);
      void lane.wake();
    }
  }
}
