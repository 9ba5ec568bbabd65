import type { Context } from 'hono';

/**
 * The `Link` to what follows: the address of the request with other parameters. No header when nothing follows.
 *
 * @see RFC 8288.
 */
export function nextLink(c: Context, parameters: Readonly<Record<string, string>> | null): Record<string, string> {
  if (parameters === null) return {};
  const url = new URL(c.req.url);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { Link: `<${url.href}>; rel="next"` };
}
