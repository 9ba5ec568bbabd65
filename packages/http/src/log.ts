/**
 * What a host may log. Ids, codes and counts: nothing that a user wrote, no token, no address of a client, no body.
 */
export type LogEvent =
  /** A request was answered. `method` is `_OTHER` where HTTP has none of that name; `route` is the pattern, not the path; `errorType` stands in the body. */
  | Readonly<{
      kind: 'RequestAnswered';
      method: string;
      route: string;
      /** Of HTTP. */
      status: number;
      errorType: string | null;
      durationMs: number;
      organizationId: string | null;
      isReplay: boolean;
    }>
  /** `streams` is how many the organization has now. */
  | Readonly<{ kind: 'StreamOpened' | 'StreamClosed'; organizationId: string; streams: number }>
  | (Readonly<{ kind: 'WebhookDelivered' }> & Delivery)
  /** `status` is null when no answer came; `retryAt` is when it is tried again. */
  | (Readonly<{
      kind: 'WebhookFailed';
      /** Of HTTP. */
      status: number | null;
      failures: number;
      retryAt: number;
    }> &
      Delivery)
  /** All attempts failed: the subscription was deleted. */
  | (Readonly<{ kind: 'WebhookGivenUp'; failures: number }> & Delivery)
  /** The ledger or the subscriptions could not be read; it is tried again. */
  | Readonly<{ kind: 'WebhooksUnreadable'; organizationId: string; fault: string }>;

/** Which message, to whom. */
export type Delivery = Readonly<{
  organizationId: string;
  subscription: string;
  eventName: string;
  messageId: string;
  /** Of the record that it tells of. */
  sequence: number;
}>;

/** Is told what happened. What it throws is a bug of the host's, and not caught. */
export type OnLog = (event: LogEvent) => void;
