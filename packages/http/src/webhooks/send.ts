import type { SetTimer } from '@stockfold/core';
import type { WebhookMessage } from './messages.ts';
import { signPayload } from './sign.ts';
import type { Subscription } from './webhook-store.ts';

/** One message on its way. */
export type WebhookRequest = Readonly<{
  /** On the allow-list. */
  destination: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Ends it when it takes too long. */
  signal: AbortSignal;
}>;

/**
 * Sends a message, and follows no redirect.
 *
 * @returns The status of the answer; it rejects when there is none.
 */
export type SendWebhook = (request: WebhookRequest) => Promise<number>;

/** A destination answers within so long, in milliseconds. */
export const ANSWER_MS = 10_000;

/**
 * Sends through `fetch`. It resolves names as the platform does: a host that cannot trust the names on its allow-list
 * gives a sender that looks at the addresses, as `stockfold serve` does.
 */
export const sendWithFetch: SendWebhook = async ({ destination, headers, body, signal }) => {
  const response = await fetch(destination, { method: 'POST', headers, body, signal, redirect: 'manual' });
  await response.body?.cancel();
  // A redirect that is not followed has no status in some browsers.
  return response.type === 'opaqueredirect' ? 302 : response.status;
};

/** Signs and sends a message; gives the status, or null when no answer came in time. */
export async function deliver(
  message: WebhookMessage,
  { destination, signingKey }: Pick<Subscription, 'destination' | 'signingKey'>,
  { send, setTimer }: Readonly<{ send: SendWebhook; setTimer: SetTimer }>,
): Promise<number | null> {
  const signature = await signPayload(signingKey, message.timestamp, message.payload);
  const headers = { 'content-type': 'application/json', 'X-iZettle-Signature': signature };
  const late = new AbortController();
  return new Promise(resolve => {
    // Resolved by the timer itself: a sender that does not heed its signal holds nobody up.
    const cancel = setTimer(() => {
      late.abort();
      resolve(null);
    }, ANSWER_MS);
    const answered = (status: number | null) => {
      cancel();
      resolve(status);
    };
    const sending = async () => send({ destination, headers, body: JSON.stringify(message), signal: late.signal });
    sending().then(answered, () => answered(null));
  });
}

/** Whether a destination has taken the message. */
export function isTaken(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
