import type { LedgerStore } from '@stockfold/core';
import { answerOf } from './assert.ts';
import type { Bench, OpenedStore } from './suite.ts';

/** Runs a test on a fresh store; closes all it has opened and clears it away, whatever happens. */
export async function onBench(
  open: () => OpenedStore | Promise<OpenedStore>,
  body: (bench: Bench) => Promise<void>,
): Promise<void> {
  const stores: LedgerStore[] = [];
  const opened: OpenedStore[] = [];
  const another = async () => {
    const next = await open();
    opened.push(next);
    stores.push(next.store);
    return next;
  };
  const first = await another();
  const reopen = async () => {
    if (first.reopen === undefined) throw new Error('open() gives no reopen, which supports calls for');
    const store = await first.reopen();
    stores.push(store);
    return store;
  };
  try {
    const reopens = first.reopen !== undefined;
    await body({ store: first.store, reopen, reopens, another: async () => (await another()).store });
  } finally {
    for (const store of stores) await answerOf(store.close());
    for (const { dispose } of opened) await dispose?.();
  }
}
