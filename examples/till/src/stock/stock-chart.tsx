import { type PointerEvent, useState } from 'react';
import { useWidth } from '../ui/use-width.ts';
import { roundTicks, timeTicks } from './chart-scale.ts';
import { type Step, stepsSince } from './steps.ts';

const HEIGHT = 220;
const MARGIN = { top: 16, right: 20, bottom: 28, left: 36 };
const HOUR = 3_600_000;

type StockChartProps = Readonly<{
  /** Null until they have been read: the chart is as high as it will be. */
  steps: readonly Step[] | null;
  /** How far back it shows; `Infinity` for all there is. */
  spanMs: number;
  label: string;
}>;

/** Stock over time as stairs, since between two records nothing moves. A finger on it reads one moment. */
export function StockChart({ steps, spanMs, label }: StockChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState<number | null>(null);
  const plot = steps === null || steps.length === 0 || width === 0 ? null : plotOf(steps, spanMs, width);
  const read = (event: PointerEvent<SVGSVGElement>) =>
    setPointed(plot?.at(event.clientX - event.currentTarget.getBoundingClientRect().left) ?? null);
  return (
    <div className="chart" ref={frame}>
      {plot !== null && (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${label}: ${plot.summary}`}
          onPointerMove={read}
          onPointerDown={read}
          onPointerLeave={() => setPointed(null)}
        >
          <Axes plot={plot} width={width} />
          <path className="chart-area" d={plot.area} />
          <path className="chart-line" d={plot.line} />
          <circle className="chart-dot" cx={plot.end.x} cy={plot.end.y} r="4.5" />
          {pointed !== null && <Reading plot={plot} at={pointed} width={width} />}
        </svg>
      )}
    </div>
  );
}

type Plot = ReturnType<typeof plotOf>;

/** Everything that is drawn, in pixels. */
function plotOf(all: readonly Step[], spanMs: number, width: number) {
  const now = Math.max(Date.now(), all.at(-1)?.at ?? 0);
  // A shop that opened a minute ago gets an hour, so that a line is not a point.
  const from = Math.max(now - spanMs, Math.min(all[0]?.at ?? now, now - HOUR));
  const steps = stepsSince(all, from);
  const ticks = roundTicks(Math.max(...steps.map(step => step.onHand)));
  const top = ticks.at(-1) ?? 1;
  const right = width - MARGIN.right;
  const bottom = HEIGHT - MARGIN.bottom;
  const x = (at: number) => MARGIN.left + ((at - from) / (now - from)) * (right - MARGIN.left);
  const y = (onHand: number) => bottom - (onHand / top) * (bottom - MARGIN.top);
  const stairs = steps.map(step => `H${x(step.at).toFixed(1)}V${y(step.onHand).toFixed(1)}`).join('');
  const [first = { at: from, onHand: 0 }] = steps;
  const last = steps.at(-1) ?? first;
  const line = `M${x(first.at).toFixed(1)} ${y(first.onHand).toFixed(1)}${stairs}H${right}`;
  return {
    x,
    y,
    line,
    area: `${line}V${bottom}H${x(first.at).toFixed(1)}Z`,
    rows: ticks.map(value => ({ value, y: y(value) })),
    columns: timeTicks(from, now, Math.floor(width / 64)).map(tick => ({ ...tick, x: x(tick.at) })),
    end: { x: right, y: y(last.onHand) },
    summary: `${first.onHand} at first, ${last.onHand} now, ${steps.length - 1} changes`,
    at: (px: number) => from + (Math.min(right, Math.max(MARGIN.left, px)) - MARGIN.left) / (x(from + 1) - x(from)),
    onHandAt: (at: number) => steps.findLast(step => step.at <= at)?.onHand ?? 0,
  };
}

function Axes({ plot, width }: Readonly<{ plot: Plot; width: number }>) {
  return (
    <g className="chart-axes">
      {plot.rows.map(({ value, y }) => (
        <g key={value}>
          <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y} y2={y} />
          <text x={MARGIN.left - 8} y={y + 4} textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      {plot.columns.map(({ at, text, x }) => (
        <text key={at} x={x} y={HEIGHT - 8} textAnchor="middle">
          {text}
        </text>
      ))}
    </g>
  );
}

const MOMENT = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });
const READING_WIDTH = 132;

function Reading({ plot, at, width }: Readonly<{ plot: Plot; at: number; width: number }>) {
  const x = plot.x(at);
  const onHand = plot.onHandAt(at);
  const left = Math.min(Math.max(x - READING_WIDTH / 2, MARGIN.left), width - READING_WIDTH);
  return (
    <g className="chart-reading">
      <line x1={x} x2={x} y1={MARGIN.top} y2={HEIGHT - MARGIN.bottom} />
      <circle cx={x} cy={plot.y(onHand)} r="4.5" />
      <rect x={left} y={0} width={READING_WIDTH} height={26} rx={8} />
      <text x={left + READING_WIDTH / 2} y={17} textAnchor="middle">
        {MOMENT.format(at)}: {onHand}
      </text>
    </g>
  );
}
