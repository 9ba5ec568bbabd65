/**
 * The signature of a message.
 *
 * @param signingKey - Of the subscription; its text is the key, as UTF-8.
 * @returns HMAC-SHA256 over `timestamp.payload`, in lower-case hexadecimal, for the header `X-iZettle-Signature`.
 * @see Zettle Pusher API, "Verify that the events originate from Zettle".
 */
export async function signPayload(signingKey: string, timestamp: string, payload: string): Promise<string> {
  const encoder = new TextEncoder();
  const hash = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(signingKey), hash, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, encoder.encode(`${timestamp}.${payload}`));
  return toHex(new Uint8Array(signature));
}

/** A new signing key: 64 characters of chance. */
export function newSigningKey(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(32)));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
