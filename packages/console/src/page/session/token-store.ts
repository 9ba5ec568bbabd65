const KEY = 'stockfold-token';

/** What can be sent in a header: RFC 6750, section 2.1. */
export const BEARER_TOKEN: RegExp = /^[\w\-.~+/]+=*$/;

/**
 * The token of this tab: the one that the address brings (`/console#token=…`, as `stockfold serve` prints it for a token
 * that it made itself), or the one that was entered before. It is taken out of the address at once, so that it is in no
 * bookmark; a part behind `#` is never sent to a server.
 */
export function takeToken(): string | null {
  const hash = new URLSearchParams(location.hash.slice(1));
  const brought = hash.get('token');
  if (brought === null) return storage()?.getItem(KEY) ?? null;
  hash.delete('token');
  history.replaceState(null, '', `#${hash}`);
  if (!BEARER_TOKEN.test(brought)) return null;
  keepToken(brought);
  return brought;
}

/** Keeps a token until the tab is closed; where the browser keeps nothing, until the page is left. */
export function keepToken(token: string): void {
  storage()?.setItem(KEY, token);
}

/** Forgets the token of this tab. */
export function forgetToken(): void {
  storage()?.removeItem(KEY);
}

function storage(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    // Somebody who lets no page keep anything enters the token again after a reload.
    return null;
  }
}
