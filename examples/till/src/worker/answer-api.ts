import type { Ledger } from '@stockfold/core';
import { createHttpHandler, type Identity } from '@stockfold/http';
import { openTill } from '../shop/open-till.ts';

/** Whether the worker answers a path with the ledger. */
export function isApiPath(pathname: string): boolean {
  return pathname.startsWith('/organizations/');
}

let ledger: Ledger | null = null;

const handler = createHttpHandler({ ledgerFor: () => open(), authenticate });

/** The mirrored API on this browser's own ledger: no network is asked. */
export function answerApi(request: Request): Promise<Response> {
  return handler(request);
}

/**
 * Only pages of this site reach its service worker, with one exception: a link or a form elsewhere can send somebody
 * here. Such a request is a navigation, and nobody known.
 */
function authenticate(request: Request): Identity | null {
  if (request.mode === 'navigate') return null;
  return { organizationId: open().organizationId, scopes: ['READ:PRODUCT', 'WRITE:PRODUCT'] };
}

// Browsers end a worker that has nothing to do, and start it again for the next request: it opens the ledger then.
function open(): Ledger {
  ledger ??= openTill().ledger;
  return ledger;
}
