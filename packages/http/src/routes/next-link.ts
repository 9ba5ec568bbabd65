import type { Context } from 'hono';
import type { Env } from './routes.ts';

/**
 * The `Link` to what follows: the path of the request with these parameters and no other, so that nothing which was sent
 * and not understood comes back. No header when nothing follows.
 *
 * @see RFC 8288.
 */
export function nextLink(c: Context<Env>, parameters: Readonly<Record<string, string>> | null): Record<string, string> {
  if (parameters === null) return {};
  return { Link: `<${addressOf(c, c.req.path)}?${new URLSearchParams(parameters)}>; rel="next"` };
}

/**
 * The address of a path of this API: under the address that the host has named, and relative where it has named none.
 * The `Host` of a request is never repeated: whoever asks could put any site there.
 */
export function addressOf(c: Context<Env>, path: string): string {
  return `${c.var.publicUrl}${path}`;
}
