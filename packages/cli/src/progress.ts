import type { LedgerStore } from '@stockfold/core';
import cliProgress from 'cli-progress';

/** A bar at a terminal, and nothing elsewhere: on the error output, since the other one may lead into a file. */
export type Progress = Readonly<{
  /** How much of how much. */
  update: (done: number, total: number) => void;
  stop: () => void;
}>;

/** @param unit - What is counted. */
export function startProgress(unit: 'records' | 'bytes'): Progress {
  const bar = new cliProgress.SingleBar({
    stream: process.stderr,
    format: `{bar} {percentage}% of {total} ${unit}, {eta_formatted} left`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    hideCursor: true,
  });
  bar.start(1, 0);
  return {
    update: (done, total) => {
      bar.setTotal(total);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

/** A store that tells how far its journal was read; it may be read more than once. */
export function withProgress(store: LedgerStore, { update }: Progress): LedgerStore {
  return {
    ...store,
    journal: query =>
      store.journal(query).andTee(({ items, asOf }) => {
        const last = items.at(-1);
        if (last !== undefined) update(last.sequence, asOf);
      }),
  };
}
