import { useEffect, useRef } from 'preact/hooks';
import type { JournalCache } from '../journal/journal-cache.ts';
import { findMoment } from './find-moment.ts';

type MomentInputProps = Readonly<{
  journal: JournalCache;
  head: number;
  onAsOf: (asOf: number | null) => void;
}>;

/** Goes to a date and a time of the reader's own clock. */
export function MomentInput({ journal, head, onAsOf }: MomentInputProps) {
  const search = useRef<AbortController | null>(null);
  useEffect(() => () => search.current?.abort(), []);
  const go = async (text: string) => {
    search.current?.abort();
    const moment = new Date(text).getTime();
    if (Number.isNaN(moment)) return;
    search.current = new AbortController();
    const { signal } = search.current;
    // The input has no more than minutes or seconds: what was recorded within the last one belongs to it.
    const found = await findMoment(journal, { moment: moment + (text.length > 16 ? 999 : 59_999), head }, signal);
    if (found.isOk() && !signal.aborted) onAsOf(found.value >= head ? null : found.value);
  };
  return (
    <input
      type="datetime-local"
      class="moment-input"
      aria-label="Go to a date and time"
      onChange={event => void go(event.currentTarget.value)}
    />
  );
}
