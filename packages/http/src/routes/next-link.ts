import type { Context } from 'hono';

/**
 * The `Link` to what follows: the path of the request with these parameters and no other, so that nothing which was sent
 * and not understood comes back. No header when nothing follows.
 *
 * @see RFC 8288.
 */
export function nextLink(c: Context, parameters: Readonly<Record<string, string>> | null): Record<string, string> {
  if (parameters === null) return {};
  const url = new URL(c.req.path, c.req.url);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { Link: `<${url.href}>; rel="next"` };
}
