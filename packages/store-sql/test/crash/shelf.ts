import type { Policy } from '@stockfold/core';
import type { SentLine } from '@stockfold/testing';

/** The one variant that every till trades in. */
export const MUG = {
  productId: '65314d7e-5f0f-11ec-bf63-0242ac130002',
  variantId: '78194842-5f0f-11ec-bf63-0242ac130002',
} as const;

/** No till may sell what is not there. */
export const FLOOR: Policy = { floors: { STORE: 0 } };

/** Long enough for a slow machine: whoever is told `StoreBusy` here was not made to wait. */
export const BUSY_TIMEOUT_MS = 60_000;

/** A command that is about to be sent, in the words of `Call`. */
export type Sent = Readonly<{ kind: 'sent'; commandId: string; lines: readonly SentLine[]; sentAt: number }>;

/** No test here is about speed: on a machine that does much else they may take as long as they like. */
export const PATIENCE_MS = 30 * 60_000;
