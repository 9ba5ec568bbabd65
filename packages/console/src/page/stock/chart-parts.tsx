import type { JournalCache } from '../journal/journal-cache.ts';
import { useMoments } from '../journal/use-moments.ts';
import { formatCount, formatShortMoment } from '../ui/format.ts';
import { HEIGHT, MARGIN, type Plot } from './plot.ts';
import type { StockHistory } from './read-history.ts';
import { onHandAt } from './steps.ts';

type ChartAxesProps = Readonly<{ plot: Plot; width: number; journal: JournalCache }>;

/** Amounts to the left; below, records and when they were recorded. */
export function ChartAxes({ plot, width, journal }: ChartAxesProps) {
  const moments = useMoments(journal, plot.columns);
  return (
    <g class="chart-axes">
      {plot.rows.map(onHand => (
        <g key={onHand}>
          <line
            class={onHand === 0 ? 'chart-ground' : 'chart-rule'}
            x1={MARGIN.left}
            x2={width - MARGIN.right}
            y1={plot.y(onHand)}
            y2={plot.y(onHand)}
          />
          <text x={MARGIN.left - 8} y={plot.y(onHand) + 4} text-anchor="end">
            {formatCount(onHand)}
          </text>
        </g>
      ))}
      {plot.columns.map(sequence => (
        <g key={sequence}>
          <text x={plot.x(sequence)} y={HEIGHT - MARGIN.bottom + 17} text-anchor={anchorOf(plot.x(sequence), width)}>
            #{formatCount(sequence)}
          </text>
          <text x={plot.x(sequence)} y={HEIGHT - MARGIN.bottom + 32} text-anchor={anchorOf(plot.x(sequence), width)}>
            {formatAt(moments.get(sequence))}
          </text>
        </g>
      ))}
    </g>
  );
}

/** What stands at an edge is kept inside of it. */
function anchorOf(x: number, width: number): 'start' | 'middle' | 'end' {
  if (x > width - 60) return 'end';
  return x < MARGIN.left + 30 ? 'start' : 'middle';
}

function formatAt(at: number | undefined): string {
  return at === undefined ? '' : formatShortMoment(at);
}

type ChartMarkerProps = Readonly<{
  plot: Plot;
  history: StockHistory;
  sequence: number;
  width: number;
  kind: 'at' | 'pointed';
}>;

const LABEL_WIDTH = 118;

/** A moment on the line; the one that is pointed at says what it is. */
export function ChartMarker({ plot, history, sequence, width, kind }: ChartMarkerProps) {
  if (sequence < history.from || sequence > history.to) return null;
  const onHand = onHandAt(history.steps, sequence);
  const x = plot.x(sequence);
  const left = Math.min(Math.max(x - LABEL_WIDTH / 2, MARGIN.left), width - LABEL_WIDTH);
  return (
    <g class={`chart-marker ${kind}`}>
      <line x1={x} x2={x} y1={MARGIN.top} y2={HEIGHT - MARGIN.bottom} />
      <circle cx={x} cy={plot.y(onHand)} r="4.5" />
      {kind === 'pointed' && (
        <>
          <rect x={left} y={0} width={LABEL_WIDTH} height={24} rx={7} />
          <text x={left + LABEL_WIDTH / 2} y={16.5} text-anchor="middle">
            #{formatCount(sequence)}: {formatCount(onHand)}
          </text>
        </>
      )}
    </g>
  );
}
