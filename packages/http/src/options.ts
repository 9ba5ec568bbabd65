import type { Ledger, OrganizationId } from '@stockfold/core';

/** What a token may do, as in the mirrored API. */
export type Scope = 'READ:PRODUCT' | 'WRITE:PRODUCT';

/** Who a request comes from. */
export type Identity = Readonly<{ organizationId: string; scopes: readonly string[] }>;

/** What a handler is made of. */
export type HttpHandlerOptions = Readonly<{
  /** The ledger of an organization that `authenticate` has named. */
  ledgerFor: (organizationId: OrganizationId) => Ledger | Promise<Ledger>;
  /** Who sent the request; null for nobody known. There is no default: a ledger is never served open by accident. */
  authenticate: (request: Request) => Identity | null | Promise<Identity | null>;
  /** Told of errors that no caller could handle, for the host's log; the answer is a 500 without detail. */
  onError?: ((error: unknown) => void) | undefined;
  /**
   * How balances of v1 and v2 are written: as numbers, as the page that is mirrored prints them, or as text, as
   * clients of those versions have recorded them. Numbers when absent; v3 always has numbers.
   */
  balances?: 'number' | 'string' | undefined;
}>;
