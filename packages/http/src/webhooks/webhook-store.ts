import type { OrganizationId, StoreFault, Uuid } from '@stockfold/core';
import { ok, ResultAsync } from 'neverthrow';

/** An event of this project's own, which the mirrored API has not: only those are told who name it. */
export const LOW_STOCK_EVENT: 'StockfoldLowStockCrossed' = 'StockfoldLowStockCrossed';

/** The events that a subscription may name. */
export const WEBHOOK_EVENTS = [
  'InventoryBalanceChanged',
  'InventoryTrackingStarted',
  'InventoryTrackingStopped',
  'StockfoldLowStockCrossed',
] as const;
/** The name of one of them. */
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/**
 * Who is told of what, and where.
 *
 * @see Zettle Pusher API.
 */
export type Subscription = Readonly<{
  organizationId: OrganizationId;
  uuid: Uuid;
  /** Empty: all of the mirrored API. */
  eventNames: readonly string[];
  destination: string;
  /** A source whose records are not told of; null for none. Absent in what was kept before there were sources. */
  exceptSource?: string | null | undefined;
  contactEmail: string;
  /** Milliseconds since 1970. */
  updated: number;
  /** 64 characters. */
  signingKey: string;
}>;

/** How far a subscription has got. */
export type Progress = Readonly<{
  /** The last record of which everything was delivered. */
  after: number;
  /** How many messages of the next record were delivered, or were none that the subscription wants. */
  delivered: number;
  /** Attempts at the next message that failed. */
  failures: number;
  /** When it is tried again: milliseconds since 1970. */
  retryAt: number;
}>;

/** A subscription with its progress. */
export type StoredSubscription = Readonly<{ subscription: Subscription; progress: Progress }>;

/**
 * Where subscriptions are kept, and how far each has got. Two rows, so that a change of the one and the progress of the
 * other never write over each other. What cannot be read or kept is a fault.
 */
export type WebhookStore = Readonly<{
  /** All of an organization, in the order they were added. */
  list: (organizationId: OrganizationId) => ResultAsync<readonly StoredSubscription[], StoreFault>;
  /** Adds a subscription; false when its uuid is taken in the organization. */
  add: (entry: StoredSubscription) => ResultAsync<boolean, StoreFault>;
  /** Writes over a subscription; false when there is none. */
  change: (subscription: Subscription) => ResultAsync<boolean, StoreFault>;
  /** Writes over the progress; nothing when the subscription is gone. */
  advance: (organizationId: OrganizationId, uuid: Uuid, progress: Progress) => ResultAsync<void, StoreFault>;
  /** False when there was none. */
  remove: (organizationId: OrganizationId, uuid: Uuid) => ResultAsync<boolean, StoreFault>;
}>;

/**
 * Keeps subscriptions in memory, and gives every change on to be kept elsewhere.
 *
 * @param entries - What was kept before.
 * @param keep - Called with all entries after each change, before it is acknowledged; its fault is that of the change.
 */
export function createMemoryWebhookStore(
  entries: readonly StoredSubscription[] = [],
  keep: (entries: readonly StoredSubscription[]) => ResultAsync<void, StoreFault> = () =>
    new ResultAsync(Promise.resolve(ok(undefined))),
): WebhookStore {
  let kept: ReadonlyMap<string, StoredSubscription> = new Map(entries.map(entry => [keyOf(entry.subscription), entry]));
  let last: ResultAsync<void, StoreFault> = new ResultAsync(Promise.resolve(ok(undefined)));

  /** One change after the other; one that could not be kept was not made. */
  const change = <T>(make: (draft: Map<string, StoredSubscription>) => T): ResultAsync<T, StoreFault> => {
    const made = last
      .orElse(() => ok(undefined))
      .andThen(() => {
        const draft = new Map(kept);
        const answer = make(draft);
        return keep([...draft.values()]).map(() => {
          kept = draft;
          return answer;
        });
      });
    last = made.map(() => undefined);
    return made;
  };

  return {
    list: organizationId => {
      const own = [...kept.values()].filter(({ subscription }) => subscription.organizationId === organizationId);
      return new ResultAsync(Promise.resolve(ok(own)));
    },
    add: entry =>
      change(draft => {
        const key = keyOf(entry.subscription);
        if (draft.has(key)) return false;
        draft.set(key, entry);
        return true;
      }),
    change: subscription => change(draft => replace(draft, keyOf(subscription), { subscription })),
    advance: (organizationId, uuid, progress) =>
      change(draft => {
        replace(draft, keyOf({ organizationId, uuid }), { progress });
      }),
    remove: (organizationId, uuid) => change(draft => draft.delete(keyOf({ organizationId, uuid }))),
  };
}

function keyOf({ organizationId, uuid }: Pick<Subscription, 'organizationId' | 'uuid'>): string {
  return `${organizationId} ${uuid}`;
}

function replace(draft: Map<string, StoredSubscription>, key: string, part: Partial<StoredSubscription>): boolean {
  const entry = draft.get(key);
  if (entry !== undefined) draft.set(key, { ...entry, ...part });
  return entry !== undefined;
}
