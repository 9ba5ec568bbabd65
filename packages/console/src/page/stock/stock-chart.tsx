import type { TargetedMouseEvent } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { JournalCache } from '../journal/journal-cache.ts';
import { formatCount } from '../ui/format.ts';
import { useWidth } from '../ui/use-width.ts';
import { ChartAxes, ChartMarker } from './chart-parts.tsx';
import { HEIGHT, plotOf } from './plot.ts';
import type { StockHistory } from './read-history.ts';

type StockChartProps = Readonly<{
  history: StockHistory;
  journal: JournalCache;
  /** The record that everything is shown as of. */
  at: number;
  label: string;
  onMoment: (sequence: number) => void;
}>;

/** Stock over the journal. A pointer reads a moment, and a press goes there; a keyboard has the slider for both. */
export function StockChart({ history, journal, at, label, onMoment }: StockChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<number | null>(null);
  const plot = useMemo(() => (width === 0 ? null : plotOf(history, width)), [history, width]);
  const sequenceOf = (event: TargetedMouseEvent<SVGSVGElement>) =>
    plot?.sequenceAt(event.clientX - event.currentTarget.getBoundingClientRect().left) ?? at;
  return (
    <div class="chart" ref={frame}>
      {plot !== null && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the slider does the same for a keyboard.
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${label}: ${summaryOf(history)}`}
          onPointerMove={event => setPointed(sequenceOf(event))}
          onPointerLeave={() => setPointed(null)}
          onClick={event => onMoment(sequenceOf(event))}
        >
          <ChartAxes plot={plot} width={width} journal={journal} />
          <path class="chart-area" d={plot.area} />
          <path class="chart-line" d={plot.line} />
          <ChartMarker plot={plot} history={history} sequence={at} width={width} kind="at" />
          {pointed !== null && (
            <ChartMarker plot={plot} history={history} sequence={pointed} width={width} kind="pointed" />
          )}
        </svg>
      )}
    </div>
  );
}

function summaryOf({ steps }: StockHistory): string {
  const [first, last] = [steps[0]?.onHand ?? 0, steps.at(-1)?.onHand ?? 0];
  return `${formatCount(first)} at first, ${formatCount(last)} at last, ${formatCount(steps.length - 1)} changes`;
}
