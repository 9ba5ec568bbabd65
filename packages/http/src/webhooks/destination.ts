/** Says whether messages may be sent somewhere. */
export type AllowsDestination = (destination: string) => boolean;

/**
 * An allow-list of destinations, so that no subscription makes this server ask what only it can reach.
 *
 * An entry is an origin: `https://hooks.shop.example`, with a port where it is not the usual one, or
 * `https://*.shop.example` for every name below. The scheme counts: `http` is allowed where an entry says so. An address
 * in numbers is allowed only as an entry of its own, and a name is trusted to be whose it is: what it resolves to is a
 * matter of the sender.
 *
 * @throws TypeError when an entry is no origin.
 */
export function allowDestinations(origins: readonly string[]): AllowsDestination {
  const entries = origins.map(readEntry);
  return destination => {
    if (!URL.canParse(destination)) return false;
    const { protocol, hostname, port, username, password, hash } = new URL(destination);
    // What would be sent as credentials, or not at all, is none of a destination.
    if (username !== '' || password !== '' || hash !== '') return false;
    return entries.some(entry => {
      if (entry.protocol !== protocol || entry.port !== port) return false;
      if (!entry.isWild) return entry.hostname === hostname;
      // No address ends in a name: `readEntry` has seen to that.
      return hostname.endsWith(`.${entry.hostname}`);
    });
  };
}

type Entry = Readonly<{ protocol: string; hostname: string; port: string; isWild: boolean }>;

function readEntry(origin: string): Entry {
  const isWild = origin.includes('://*.');
  const text = isWild ? origin.replace('://*.', '://') : origin;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin = url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (!isOrigin || !/^https?:$/.test(url.protocol) || url.hostname.includes('*') || (isWild && isNumeric(url.hostname)))
    throw new TypeError('a destination is allowed by its origin, as in https://hooks.shop.example');
  return { protocol: url.protocol, hostname: url.hostname, port: url.port, isWild };
}

/** `URL` has written every form of an IPv4 address as four numbers, and IPv6 in brackets. */
function isNumeric(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
}
