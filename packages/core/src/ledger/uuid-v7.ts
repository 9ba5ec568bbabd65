// Core is typed without any platform; every runtime it runs in has these globals (in a browser: on secure origins).
declare const crypto: { randomUUID(): string };

/**
 * Makes a UUID of version 7: 48 bits of the time in milliseconds, then 74 random ones. Ids that were made one after the
 * other lie side by side in an index, so a store writes one page of it where random ids are written all over it.
 *
 * @see RFC 9562, section 5.7.
 */
export function uuidV7(): string {
  // A clock that somebody has replaced may give a fraction, or a time before 1970, of which the format knows nothing.
  const time = Math.max(0, Math.trunc(Date.now())).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}
