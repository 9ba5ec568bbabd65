import type { Ledger, SetTimer, StoreFault, Uuid } from '@stockfold/core';
import { err, ok, type Result } from 'neverthrow';
import type { OnLog } from '../log.ts';
import { ledgerProblem, type Problem, problem, problemAt } from '../problem.ts';
import { setRuntimeTimer } from '../timer.ts';
import { allowDestinations } from './destination.ts';
import { Dispatcher } from './dispatcher.ts';
import { testMessage } from './messages.ts';
import { deliver, isTaken, type SendWebhook, sendWithFetch } from './send.ts';
import { newSigningKey } from './sign.ts';
import type { StoredSubscription, Subscription, WebhookStore } from './webhook-store.ts';

/** The most subscriptions of one organization: every commit is told to each of them. */
export const SUBSCRIPTIONS_MAX = 100;

/** What webhooks are made of. */
export type WebhooksOptions = Readonly<{
  /** Where subscriptions are kept, and how far each has got. */
  store: WebhookStore;
  /** Origins that messages may go to: `https://hooks.shop.example`, `https://*.shop.example`. Nowhere else is any sent. */
  allow: readonly string[];
  /** Sends one message; through `fetch` when absent. */
  send?: SendWebhook | undefined;
  /** Milliseconds since 1970; `Date.now` when absent. */
  clock?: (() => number) | undefined;
  /** `setTimeout` when absent. */
  setTimer?: SetTimer | undefined;
  onLog?: OnLog | undefined;
}>;

/** What a client sends of a subscription. */
export type SubscriptionInput = Readonly<{
  uuid: Uuid;
  eventNames: readonly string[];
  destination: string;
  /** A source whose records are not told of; null for none. */
  exceptSource?: string | null | undefined;
  contactEmail: string;
}>;

/**
 * The webhooks of all organizations. One process delivers: a second one would deliver everything once more. What is refused
 * is a problem, as a body of HTTP has it.
 */
export type Webhooks = Readonly<{
  /** Begins to deliver what an organization's journal tells; again for the same organization it only looks once more. */
  follow: (ledger: Ledger) => void;
  /** Adds a subscription, once its destination has taken a `TestMessage`; it begins at the end of the journal. */
  subscribe: (ledger: Ledger, input: SubscriptionInput) => Promise<Result<StoredSubscription, Problem>>;
  list: (ledger: Ledger) => Promise<Result<readonly StoredSubscription[], Problem>>;
  change: (
    ledger: Ledger,
    input: Partial<SubscriptionInput> & Pick<SubscriptionInput, 'uuid'>,
  ) => Promise<Result<void, Problem>>;
  unsubscribe: (ledger: Ledger, uuid: Uuid) => Promise<Result<void, Problem>>;
  /** Delivers what is due, and resolves when nothing is. */
  dispatch: (ledger: Ledger) => Promise<void>;
  /** Begins no further message, and waits for those under way. */
  close: () => Promise<void>;
}>;

/**
 * Tells others of what the journal holds, by signed messages to the destinations that they subscribed with: each message
 * at least once, in the order of the journal.
 *
 * @throws TypeError when an entry of `allow` is no origin.
 * @see Zettle Pusher API.
 */
export function createWebhooks(options: WebhooksOptions): Webhooks {
  const {
    store,
    send = sendWithFetch,
    clock = Date.now,
    setTimer = setRuntimeTimer,
    onLog = () => undefined,
  } = options;
  const allows = allowDestinations(options.allow);
  const dispatchers = new Map<string, Dispatcher>();
  // Subscriptions whose destinations are being tried, by organization.
  const trying = new Map<string, number>();
  let isOver = false;

  const dispatcherOf = (ledger: Ledger): Dispatcher | null => {
    const known = dispatchers.get(ledger.organizationId);
    if (known !== undefined || isOver) return known ?? null;
    const made = new Dispatcher({ ledger, store, allows, send, setTimer, clock, onLog });
    dispatchers.set(ledger.organizationId, made);
    return made;
  };
  const dispatch = async (ledger: Ledger) => dispatcherOf(ledger)?.wake();
  const follow = (ledger: Ledger) => void dispatch(ledger);
  const add = async (ledger: Ledger, input: SubscriptionInput): Promise<Result<StoredSubscription, Problem>> => {
    const end = await ledger.journal({ limit: 1 });
    if (end.isErr()) return err(ledgerProblem(end.error));
    const { organizationId } = ledger;
    const subscription = { ...input, organizationId, updated: clock(), signingKey: newSigningKey() };
    const entry = { subscription, progress: startAt(end.value.asOf) };
    const test = await testMessage(ledger, input.uuid, clock());
    const tried = answerOf(await deliver(test, subscription, { send, setTimer }));
    if (tried.isErr()) return err(tried.error);
    const added = await store.add(entry);
    if (added.isErr()) return err(ledgerProblem(added.error));
    if (!added.value) return err(exists());
    follow(ledger);
    return ok(entry);
  };
  const found = (isThere: boolean): Result<void, Problem> => (isThere ? ok(undefined) : err(notFound()));

  return {
    follow,
    dispatch,
    subscribe: async (ledger, input) => {
      if (!allows(input.destination)) return err(notAllowed());
      const { organizationId } = ledger;
      const entries = await store.list(organizationId);
      if (entries.isErr()) return err(ledgerProblem(entries.error));
      if (entries.value.some(({ subscription }) => subscription.uuid === input.uuid)) return err(exists());
      const others = trying.get(organizationId) ?? 0;
      if (entries.value.length + others >= SUBSCRIPTIONS_MAX) return err(tooMany());
      trying.set(organizationId, others + 1);
      try {
        return await add(ledger, input);
      } finally {
        trying.set(organizationId, (trying.get(organizationId) ?? 1) - 1);
      }
    },
    list: async ledger => (await store.list(ledger.organizationId)).mapErr(fault => ledgerProblem(fault)),
    change: async (ledger, { uuid, ...input }) => {
      if (input.destination !== undefined && !allows(input.destination)) return err(notAllowed());
      const entries = await store.list(ledger.organizationId);
      if (entries.isErr()) return err(ledgerProblem(entries.error));
      const entry = entries.value.find(({ subscription }) => subscription.uuid === uuid);
      if (entry === undefined) return err(notFound());
      const subscription: Subscription = { ...entry.subscription, ...input, updated: clock() };
      const changed = await store.change(subscription);
      if (changed.isErr()) return err(ledgerProblem(changed.error));
      // What failed elsewhere is tried at the new place at once.
      if (input.destination !== undefined)
        await store.advance(ledger.organizationId, uuid, { ...entry.progress, failures: 0, retryAt: 0 });
      follow(ledger);
      return found(changed.value);
    },
    unsubscribe: async (ledger, uuid) => answered(await store.remove(ledger.organizationId, uuid)).andThen(found),
    close: async () => {
      isOver = true;
      await Promise.all([...dispatchers.values()].map(dispatcher => dispatcher.close()));
    },
  };
}

function startAt(sequence: number): StoredSubscription['progress'] {
  return { after: sequence, delivered: 0, failures: 0, retryAt: 0 };
}

function answered<T>(result: Result<T, StoreFault>): Result<T, Problem> {
  return result.mapErr(fault => ledgerProblem(fault));
}

/** What the destination of a new subscription said to the message that it was tried with. */
function answerOf(status: number | null): Result<void, Problem> {
  if (isTaken(status)) return ok(undefined);
  if (status === null)
    return err(problemAt(400, 'DESTINATION_NOT_ACCESSIBLE', 'The destination did not answer.', ['destination']));
  const message = 'The destination answered with an error.';
  return err(problemAt(500, 'DESTINATION_RESPONDED_WITH_ERROR_CODE', message, ['destination']));
}

function notAllowed(): Problem {
  return problemAt(422, 'DESTINATION_NOT_ALLOWED', 'Messages may not be sent there.', ['destination']);
}

function exists(): Problem {
  return problemAt(400, 'SUBSCRIPTION_ALREADY_EXIST', 'A subscription with this id exists.', ['uuid']);
}

function tooMany(): Problem {
  return problem(422, 'TOO_MANY_SUBSCRIPTIONS', `An organization has at most ${SUBSCRIPTIONS_MAX} subscriptions.`);
}

function notFound(): Problem {
  return problem(404, 'SUBSCRIPTION_NOT_FOUND', 'There is no such subscription.');
}
