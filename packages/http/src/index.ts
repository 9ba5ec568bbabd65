export type {
  ListBody,
  LocationBody,
  MovementPage,
  MovementRow,
  ShortBody,
  SubscriptionBody,
  VariantBalance,
} from './answers.ts';
export { createHttpLedger, type HttpLedgerOptions } from './client/create-http-ledger.ts';
export type { TransportOptions } from './client/transport.ts';
export { createHttpHandler, type HttpHandler, isPublicUrl } from './create-http-handler.ts';
export { KEEP_ALIVE_MS, STREAM_LIFE_MS } from './journal-stream.ts';
export type { Delivery, LogEvent, OnLog } from './log.ts';
export type { HttpHandlerOptions, Identity, Scope } from './options.ts';
export type { ApiViolation } from './problem.ts';
export { BODY_BYTES_MAX } from './read-bytes.ts';
export { PAGE_LENGTH_MAX } from './read-journal.ts';
export { STREAMS_MAX } from './routes/journal-routes.ts';
export { traceStore } from './trace-store.ts';
export {
  createWebhooks,
  SUBSCRIPTIONS_MAX,
  type SubscriptionInput,
  type Webhooks,
  type WebhooksOptions,
} from './webhooks/create-webhooks.ts';
export { ANSWER_MS, type SendWebhook, sendWithFetch, type WebhookRequest } from './webhooks/send.ts';
export { signPayload } from './webhooks/sign.ts';
export {
  createMemoryWebhookStore,
  LOW_STOCK_EVENT,
  type Progress,
  type StoredSubscription,
  type Subscription,
  WEBHOOK_EVENTS,
  type WebhookEvent,
  type WebhookStore,
} from './webhooks/webhook-store.ts';
