import type { Ledger, OrganizationId, SetTimer } from '@stockfold/core';
import type { OnLog } from './log.ts';
import type { Webhooks } from './webhooks/create-webhooks.ts';

/** What a token may do, as in the mirrored API. */
export type Scope = 'READ:PRODUCT' | 'WRITE:PRODUCT';

/** Who a request comes from. */
export type Identity = Readonly<{ organizationId: string; scopes: readonly string[] }>;

/** What a handler is made of. */
export type HttpHandlerOptions = Readonly<{
  /** The ledger of an organization that `authenticate` has named. */
  ledgerFor: (organizationId: OrganizationId) => Ledger | Promise<Ledger>;
  /**
   * Who sent the request; null for nobody known. There is no default: a ledger is never served open by accident. While it
   * throws, or does not answer within 10 s, nobody is served: 503.
   */
  authenticate: (request: Request) => Identity | null | Promise<Identity | null>;
  /** Told of errors that no caller could handle, for the host's log; the answer is a 500 without detail. */
  onError?: ((error: unknown) => void) | undefined;
  /**
   * How balances of v1 and v2 are written: as numbers, as the page that is mirrored prints them, or as text, as
   * clients of those versions have recorded them. Numbers when absent; v3 always has numbers.
   */
  balances?: 'number' | 'string' | undefined;
  /**
   * What makes a request that writes idempotent: the `Idempotency-Key` header alone, or, for requests without it, their
   * `externalUuid` too. `header` when absent: some clients of the mirrored API send one `externalUuid` with everything.
   */
  idempotency?: 'header' | 'externalUuid' | undefined;
  /** Told of every request and stream, for the host's log: ids and codes, nothing that a user wrote. */
  onLog?: OnLog | undefined;
  /**
   * Where clients reach the handler: `https://stock.example/api`, without a slash at the end. `Link` and `Location` begin
   * with it; absent, they are relative to the address of the request.
   */
  publicUrl?: string | undefined;
  /** Serves the subscription paths; without it there are none. */
  webhooks?: Webhooks | undefined;
  /** Ends the streams of the journal: for a server that is to stop. */
  signal?: AbortSignal | undefined;
  /** For the streams of the journal, and for how long `authenticate` is waited for: `setTimeout` when absent. */
  setTimer?: SetTimer | undefined;
}>;
