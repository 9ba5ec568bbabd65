import { useEffect, useState } from 'preact/hooks';
import type { JournalCache } from '../journal/journal-cache.ts';
import { useMoments } from '../journal/use-moments.ts';
import { formatCount, formatCountOf, formatLongMoment } from '../ui/format.ts';
import { MomentInput } from './moment-input.tsx';

type TimeBarProps = Readonly<{
  journal: JournalCache;
  head: number;
  /** Null for now. */
  asOf: number | null;
  onAsOf: (asOf: number | null) => void;
}>;

// Whoever draws the slider along does not wait for each record on the way, in milliseconds.
const SETTLED_MS = 90;

/** Goes through the journal: everything else on the page is shown as of the record that it stands at. */
export function TimeBar({ journal, head, asOf, onAsOf }: TimeBarProps) {
  const [drawn, setDrawn] = useState<number | null>(null);
  useEffect(() => {
    if (drawn === null) return;
    const timer = setTimeout(() => {
      setDrawn(null);
      onAsOf(drawn >= head ? null : drawn);
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [drawn, head, onAsOf]);
  const at = Math.min(drawn ?? asOf ?? head, head);
  const recordedAt = useMoments(journal, [at]).get(at);
  const isNow = (drawn ?? asOf ?? head) >= head;
  const step = (to: number) => setDrawn(Math.min(head, Math.max(0, to)));
  return (
    <section class="time-bar card" aria-label="Time">
      <p class="time-label" aria-live={isNow ? 'off' : 'polite'}>
        <strong>{isNow ? 'Now' : `As of record ${formatCount(at)}`}</strong>{' '}
        <small>
          {isNow ? formatCountOf(head, 'record') : `of ${formatCount(head)}`}
          {recordedAt !== undefined && `, ${isNow ? 'last ' : ''}${formatLongMoment(recordedAt)}`}
          {at === 0 && head > 0 && ', before the first one'}
        </small>
      </p>
      <div class="time-controls">
        <button type="button" disabled={at === 0} onClick={() => step(at - 1)} aria-label="One record back">
          ‹
        </button>
        <input
          type="range"
          min="0"
          max={head}
          value={at}
          disabled={head === 0}
          aria-label="Record of the journal"
          aria-valuetext={isNow ? `now, record ${at}` : `record ${at} of ${head}`}
          onInput={event => setDrawn(Number(event.currentTarget.value))}
        />
        <button type="button" disabled={isNow} onClick={() => step(at + 1)} aria-label="One record on">
          ›
        </button>
        <button type="button" disabled={isNow} onClick={() => onAsOf(null)}>
          Now
        </button>
        <MomentInput journal={journal} head={head} onAsOf={onAsOf} />
      </div>
    </section>
  );
}
