import type { StoreFault } from '@stockfold/core';
import type { Result } from 'neverthrow';
import { createEngine } from '../engine.ts';
import type { IndexedDbStore } from '../options.ts';
import type { Loss } from '../witness.ts';
import { createJournalWitness } from './journal-witness.ts';
import type { Calls, Reply, Request } from './messages.ts';

/** The end of a dedicated worker at which messages come in. */
export type Port = Readonly<{
  addEventListener: (type: 'message', listener: (event: { data: Request }) => void) => void;
  postMessage: (reply: Reply) => void;
}>;

/** Runs a journaled store in a worker, for the page that made it. */
export function serveStore(port: Port): void {
  let store: IndexedDbStore | null = null;
  port.addEventListener('message', ({ data }) => {
    if (data.kind === 'call') {
      if (store !== null) void answer(port, store, data);
      return;
    }
    const { name, openTimeoutMs } = data;
    const onLost = (loss: Loss) => port.postMessage({ kind: 'lost', loss });
    store ??= createEngine({ name, openTimeoutMs, onLost, persist: false }, createJournalWitness(name));
  });
}

async function answer(
  port: Port,
  store: IndexedDbStore,
  { id, call, args }: Request & { kind: 'call' },
): Promise<void> {
  const calls = { ...store, ...store.upkeep } as Partial<Calls>;
  const run = calls[call] as (...args: readonly unknown[]) => PromiseLike<Result<unknown, StoreFault>>;
  const result = await run(...args);
  if (result.isOk()) port.postMessage({ kind: 'answer', id, value: result.value });
  // An error of the browser may be one that cannot be sent.
  else port.postMessage({ kind: 'fault', id, fault: { ...result.error, cause: String(result.error.cause ?? '') } });
}
