import type { LedgerStore, StoreFault, Upkeep } from '@stockfold/core';
import type { Loss } from '../witness.ts';

/** The calls of a store that go to its worker. */
export type Calls = Omit<LedgerStore, 'durability' | 'subscribe' | 'upkeep'> &
  Upkeep &
  Readonly<{ status: () => PromiseLike<unknown> }>;

/** To the worker: first which database, then calls. */
export type Request =
  | Readonly<{ kind: 'open'; name: string; openTimeoutMs: number | undefined }>
  | Readonly<{ kind: 'call'; id: number; call: keyof Calls; args: readonly unknown[] }>;

/** From the worker. */
export type Reply =
  | Readonly<{ kind: 'answer'; id: number; value: unknown }>
  | Readonly<{ kind: 'fault'; id: number; fault: StoreFault }>
  | Readonly<{ kind: 'lost'; loss: Loss }>;
