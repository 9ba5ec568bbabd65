import type { Ledger, Snapshot, StoredRecord } from '@stockfold/core';
import { type Live, useLive } from './use-live.ts';

/** How much of the journal. */
export type JournalOptions = Readonly<{
  /** The newest so many records: 1 to 1,000; 50 when absent. */
  limit?: number | undefined;
}>;

/** The end of the journal as it is now. */
export type LiveJournal = Readonly<{
  /** False until it has been read for the first time. */
  isReady: boolean;
  /** The newest first. */
  records: readonly StoredRecord[];
  /** Why it may be out of date, or cannot be read; null while all is well. */
  fault: Snapshot['fault'];
}>;

const NOT_YET: LiveJournal = { isReady: false, records: [], fault: null };

/** The newest records of the journal, rendered again once for every commit. */
export function useJournal(ledger: Ledger, { limit = 50 }: JournalOptions = {}): LiveJournal {
  return useLive(ledger, String(limit), () => liveJournal(ledger, limit));
}

/** Watching no balance at all tells of every commit; what it recorded is then read from the journal. */
function liveJournal(ledger: Ledger, limit: number): Live<LiveJournal> {
  const listen = (show: (value: LiveJournal) => void) => {
    let shown = NOT_YET;
    let newest = -1;
    let isOver = false;
    const stop = ledger.watch({ variantIds: [] }, async ({ asOf, fault }) => {
      newest = asOf;
      const page = fault === null ? await ledger.journal({ after: Math.max(0, asOf - limit), limit }) : null;
      // A later commit has come in the meantime, and is shown by a later read.
      if (isOver || asOf < newest) return;
      if (page?.isOk()) shown = { isReady: true, records: [...page.value.items].reverse(), fault: null };
      else shown = { ...shown, fault: page?.isErr() ? page.error : fault };
      show(shown);
    });
    return () => {
      isOver = true;
      stop();
    };
  };
  return { initial: NOT_YET, listen };
}
