import { scaleLinear } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import type { StockHistory } from './read-history.ts';
import type { Step } from './steps.ts';

export const HEIGHT = 240;
export const MARGIN = { top: 14, right: 14, bottom: 40, left: 52 } as const;

/** What is drawn, in pixels. */
export type Plot = Readonly<{
  line: string;
  area: string;
  rows: readonly number[];
  columns: readonly number[];
  x: (sequence: number) => number;
  y: (onHand: number) => number;
  /** The record that is drawn at a place. */
  sequenceAt: (x: number) => number;
}>;

const COLUMN_WIDTH = 110;

/** Lays a history out: stairs, since between two records nothing moves. */
export function plotOf({ steps, from, to }: StockHistory, width: number): Plot {
  const x = scaleLinear([from, Math.max(to, from + 1)], [MARGIN.left, width - MARGIN.right]);
  const amounts = steps.map(step => step.onHand);
  const y = scaleLinear([Math.min(0, ...amounts), Math.max(1, ...amounts)], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(
    4,
  );
  const whole = (ticks: readonly number[]) => ticks.filter(Number.isInteger);
  const points = [...steps, { sequence: to, onHand: amounts.at(-1) ?? 0 }];
  const px = (step: Step) => x(step.sequence);
  const py = (step: Step) => y(step.onHand);
  return {
    line: line(px, py).curve(curveStepAfter)(points) ?? '',
    area: area(px, y(0), py).curve(curveStepAfter)(points) ?? '',
    rows: whole(y.ticks(4)),
    columns: apart(whole(x.ticks(Math.max(2, Math.floor(width / COLUMN_WIDTH)))), x),
    x,
    y,
    sequenceAt: place => Math.round(Math.min(to, Math.max(from, x.invert(place)))),
  };
}

/** Those of the ticks that have room for their words. */
function apart(ticks: readonly number[], x: (sequence: number) => number): readonly number[] {
  const kept: number[] = [];
  for (const tick of ticks) {
    const last = kept.at(-1);
    if (tick > 0 && (last === undefined || x(tick) - x(last) >= COLUMN_WIDTH)) kept.push(tick);
  }
  return kept;
}
