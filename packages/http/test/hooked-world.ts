import { createMemoryWebhookStore, createWebhooks, type LogEvent, type WebhookRequest } from '@stockfold/http';
import { createMemoryStore } from '@stockfold/store-memory';
import { type HandTimers, handTimers } from './hand-timers.ts';
import { MUG, openStockedWorld, saleOf, type World } from './world.ts';

export const SUBSCRIPTIONS = '/organizations/self/subscriptions';
export const UUID = 'f02f80f8-8f35-11eb-8dcd-0242ac130003';
export const HOOK = 'https://hooks.shop.example/stock';
export const SUBSCRIPTION = {
  uuid: UUID,
  transportName: 'WEBHOOK',
  eventNames: [],
  destination: HOOK,
  contactEmail: 'till@shop.example',
};

export type Envelope = Readonly<{
  eventName: string;
  messageId: string;
  messageUuid: string;
  payload: string;
  timestamp: string;
}>;
export type Hooked = World &
  HandTimers &
  Readonly<{
    sent: (WebhookRequest & { message: Envelope })[];
    events: LogEvent[];
    /** Names of the messages that were sent after the test message, whether taken or not. */
    names: () => string[];
    webhooks: ReturnType<typeof createWebhooks>;
  }>;

/** A stocked world with webhooks; `answer` says what a destination answers. */
export async function openHooked(
  answer: (request: WebhookRequest, index: number) => number | Promise<number> = () => 200,
  { store = createMemoryWebhookStore(), ledgerStore = createMemoryStore() } = {},
  options: Parameters<typeof openStockedWorld>[1] = {},
): Promise<Hooked> {
  const hand = handTimers();
  const sent: Hooked['sent'] = [];
  const events: LogEvent[] = [];
  const webhooks = createWebhooks({
    store,
    allow: ['https://hooks.shop.example', 'https://*.tills.example:8443'],
    send: async request => {
      sent.push({ ...request, message: JSON.parse(request.body) });
      return answer(request, sent.length - 1);
    },
    setTimer: hand.setTimer,
    clock: hand.clock,
    onLog: event => events.push(event),
  });
  const world = await openStockedWorld(ledgerStore, options, { webhooks });
  const names = () => sent.slice(1).map(({ message }) => message.eventName);
  return { ...world, ...hand, sent, events, names, webhooks };
}

export const subscribe = ({ send }: World, change: object = {}) =>
  send('POST', SUBSCRIPTIONS, { ...SUBSCRIPTION, ...change });

/** Until everything that is due has been tried. */
export const settle = ({ webhooks, ledger }: Hooked) => webhooks.dispatch(ledger);

export const bulk = (trackingStatusChange: string, ...variantChanges: object[]) => ({
  productChanges: [{ productUuid: MUG.productId, trackingStatusChange, variantChanges }],
});
export const sell = ({ send }: World, change: number, externalUuid?: string) =>
  send('PUT', '/organizations/self/inventory', { changes: [saleOf(MUG, change)], externalUuid });
