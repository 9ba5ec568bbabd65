import {
  type Ledger,
  type SetTimer,
  type StoredRecord,
  type TellLowStock,
  tellLowStock,
  type Uuid,
} from '@stockfold/core';
import { okAsync, ResultAsync } from 'neverthrow';
import type { Delivery, OnLog } from '../log.ts';
import type { AllowsDestination } from './destination.ts';
import { Looker, type Outcome } from './looker.ts';
import { messagesOf, type WebhookMessage } from './messages.ts';
import { retryDelay } from './retry-delay.ts';
import { deliver, isTaken, type SendWebhook } from './send.ts';
import {
  LOW_STOCK_EVENT,
  type Progress,
  type StoredSubscription,
  type Subscription,
  type WebhookStore,
} from './webhook-store.ts';

/** What deliveries are made with. */
export type LaneOptions = Readonly<{
  ledger: Ledger;
  store: WebhookStore;
  allows: AllowsDestination;
  send: SendWebhook;
  setTimer: SetTimer;
  /** Milliseconds since 1970. */
  clock: () => number;
  onLog: OnLog;
}>;

// A page of records is looked at before the subscription is read again.
const PAGE_RECORDS = 16;
/** Before it is tried again to read the ledger or the subscriptions, in milliseconds. */
export const UNREADABLE_MS: number = 1_000;

/**
 * Delivers the journal to one subscription: each message at least once, in the order of the journal. How far it has got
 * is kept after every message.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #uuid: Uuid;
  readonly #looker: Looker;
  readonly #tellLowStock: TellLowStock;

  constructor(options: LaneOptions, uuid: Uuid) {
    this.#options = options;
    this.#tellLowStock = tellLowStock(options.ledger);
    this.#uuid = uuid;
    this.#looker = new Looker({ ...options, look: () => this.#look() });
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#looker.isIdle;
  }

  /** Delivers all that is due. Called again while it does, it looks once more. */
  wake(): Promise<void> {
    return this.#looker.wake();
  }

  /** When all that is due was tried. */
  settled(): Promise<void> {
    return this.#looker.settled();
  }

  /** Begins no further message, and waits for the one under way. */
  close(): Promise<void> {
    return this.#looker.close();
  }

  async #look(): Promise<Outcome> {
    const { store, ledger } = this.#options;
    const entries = await store.list(ledger.organizationId);
    if (entries.isErr()) return this.#unreadable(entries.error.kind);
    return this.#advance(entries.value.find(({ subscription }) => subscription.uuid === this.#uuid));
  }

  /** What could not be kept would be delivered again with every commit, so it waits a while. */
  #unreadable(fault: string): Outcome {
    const { onLog, ledger } = this.#options;
    onLog({ kind: 'WebhooksUnreadable', organizationId: ledger.organizationId, fault });
    return this.#looker.pause(UNREADABLE_MS);
  }

  /** One page of the journal; nothing once the subscription is gone. */
  async #advance(entry: StoredSubscription | undefined): Promise<Outcome> {
    if (entry === undefined) return null;
    const { ledger, clock } = this.#options;
    const { after, failures, retryAt } = entry.progress;
    if (failures > 0 && retryAt > clock()) return retryAt;
    const exceptSource = entry.subscription.exceptSource ?? undefined;
    const page = await ledger.journal({ after, limit: PAGE_RECORDS, exceptSource });
    if (page.isErr()) return this.#unreadable(page.error.kind);
    let progress: Progress = entry.progress;
    for (const record of page.value.items) {
      if (this.#looker.isOver) return null;
      const told = await this.#tell({ ...entry, progress }, record);
      if (told === null || typeof told !== 'object') return told;
      progress = told;
    }
    const { next, asOf } = page.value;
    if (exceptSource !== undefined && !(await this.#passOver(entry, progress, Number(next ?? asOf))))
      return this.#unreadable('progress');
    return next === null ? null : 'more';
  }

  /** Notes that records were left out, so that nobody looks at them again with every commit. */
  async #passOver(entry: StoredSubscription, progress: Progress, after: number): Promise<boolean> {
    return after <= progress.after || this.#keep(entry, { ...progress, after });
  }

  /** All messages of one record that are not delivered yet. Gives the progress after them, or when to try again. */
  async #tell(entry: StoredSubscription, record: StoredRecord): Promise<Progress | Outcome> {
    const crossings = await (wants(entry.subscription, LOW_STOCK_EVENT) ? this.#tellLowStock(record) : okAsync([]));
    const messages = await crossings.asyncAndThen(
      found => new ResultAsync(messagesOf(this.#options.ledger, record, found)),
    );
    if (messages.isErr()) return this.#unreadable(messages.error.kind);
    let { progress } = entry;
    // Counted are all messages, wanted or not: so the place stays right when a subscription names other events.
    for (const message of messages.value.slice(progress.delivered)) {
      if (this.#looker.isOver) return null;
      if (!wants(entry.subscription, message.eventName)) {
        progress = { ...progress, delivered: progress.delivered + 1 };
        continue;
      }
      const failedUntil = await this.#attempt({ ...entry, progress }, record.sequence, message);
      if (failedUntil !== 'taken') return failedUntil;
      progress = { ...progress, delivered: progress.delivered + 1, failures: 0, retryAt: 0 };
      if (!(await this.#keep(entry, progress))) return this.#unreadable('progress');
    }
    progress = { after: record.sequence, delivered: 0, failures: 0, retryAt: 0 };
    return (await this.#keep(entry, progress)) ? progress : this.#unreadable('progress');
  }

  /** Sends one message; when it was not taken, gives when to try again, or null when the subscription was given up. */
  async #attempt(
    { subscription, progress }: StoredSubscription,
    sequence: number,
    message: WebhookMessage,
  ): Promise<'taken' | number | null> {
    const { store, allows, clock, onLog } = this.#options;
    const { organizationId, uuid, destination } = subscription;
    const { eventName, messageId } = message;
    const delivery: Delivery = { organizationId, subscription: uuid, eventName, messageId, sequence };
    // The list may have become shorter since the subscription was made.
    const status = allows(destination) ? await deliver(message, subscription, this.#options) : null;
    if (isTaken(status)) {
      onLog({ kind: 'WebhookDelivered', ...delivery });
      return 'taken';
    }
    const failures = progress.failures + 1;
    const delay = retryDelay(failures);
    if (delay === null) {
      onLog({ kind: 'WebhookGivenUp', failures, ...delivery });
      await store.remove(organizationId, uuid);
      return null;
    }
    const retryAt = clock() + delay;
    onLog({ kind: 'WebhookFailed', status, failures, retryAt, ...delivery });
    await store.advance(organizationId, uuid, { ...progress, failures, retryAt });
    return retryAt;
  }

  async #keep({ subscription }: StoredSubscription, progress: Progress): Promise<boolean> {
    return (await this.#options.store.advance(subscription.organizationId, subscription.uuid, progress)).isOk();
  }
}

/** A subscription that names no event wants those of the mirrored API. */
function wants({ eventNames }: Subscription, eventName: string): boolean {
  return eventNames.length === 0 ? eventName !== LOW_STOCK_EVENT : eventNames.includes(eventName);
}
