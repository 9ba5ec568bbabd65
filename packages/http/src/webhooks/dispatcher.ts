import type { Uuid } from '@stockfold/core';
import { Lane, type LaneOptions, UNREADABLE_MS } from './lane.ts';

/**
 * Delivers the journal of one organization to its subscriptions, each at its own pace: one that is slow or down holds
 * none of the others up.
 */
export class Dispatcher {
  readonly #options: LaneOptions;
  readonly #unwatch: () => void;
  readonly #lanes = new Map<Uuid, Lane>();
  #looking: Promise<void> | null = null;
  #isStale = false;
  #isOver = false;
  #pausedUntil = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    // To watch no balance at all is to be told of every commit.
    this.#unwatch = options.ledger.watch({ variantIds: [] }, () => void this.wake());
  }

  /** Delivers all that is due. Called again while it does, it looks once more. */
  async wake(): Promise<void> {
    this.#isStale = true;
    // In a turn of its own: the look forgets itself at its end, which is never before it is remembered here.
    this.#looking ??= Promise.resolve().then(() => this.#look());
    await this.#looking;
    await Promise.all(Array.from(this.#lanes.values(), lane => lane.settled()));
  }

  /** Begins no further message, and waits for those under way. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#unwatch();
    this.#cancelTimer();
    await this.#looking;
    await Promise.all(Array.from(this.#lanes.values(), lane => lane.close()));
  }

  async #look(): Promise<void> {
    try {
      while (this.#isStale && !this.#isOver) {
        this.#isStale = false;
        this.#cancelTimer();
        const { store, ledger, clock } = this.#options;
        if (this.#pausedUntil > clock()) return this.#wakeAt(this.#pausedUntil);
        const entries = await store.list(ledger.organizationId);
        if (this.#isOver) return;
        if (entries.isOk()) this.#wakeLanes(entries.value.map(({ subscription }) => subscription.uuid));
        else this.#wakeAt(this.#unreadable(entries.error.kind));
      }
    } finally {
      // In the same breath as the last look: a call in between would be told that somebody is looking already.
      this.#looking = null;
    }
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

  #wakeAt(time: number): void {
    const { setTimer, clock } = this.#options;
    this.#cancelTimer = setTimer(() => void this.wake(), Math.max(0, time - clock()));
  }

  #unreadable(fault: string): number {
    const { onLog, ledger, clock } = this.#options;
    onLog({ kind: 'WebhooksUnreadable', organizationId: ledger.organizationId, fault });
    this.#pausedUntil = clock() + UNREADABLE_MS;
    return this.#pausedUntil;
  }
}
