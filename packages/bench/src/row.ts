import type { Ground } from './ground.ts';

/** What one side measured in one repetition: figures by name, such as `perSecond`. */
export type Sample = Readonly<Record<string, number>>;

/** What a ratio must come to. */
export type Target = Readonly<{ atLeast: number }> | Readonly<{ atMost: number }>;

/** One line of the report, read from the samples of its contest. */
export type RowSpec = Readonly<{
  /** Where the row belongs: `store/shape/size`. */
  name: string;
  /** Which figure of the samples. */
  figure: string;
  unit: string;
  target: Target;
}>;

/** Both sides, ready to run; each call is one repetition. */
export type Sides = Readonly<{
  ours: () => Promise<Sample>;
  reference: () => Promise<Sample>;
  close: () => Promise<void>;
}>;

/** Ours and a reference doing the same work, in turn; one or more rows come of it. */
export type Contest = Readonly<{
  rows: readonly RowSpec[];
  /** How long both run before they are measured, in lengths of a repetition; 12 when absent. */
  warmUp?: number;
  /** How long both are measured, at most, in lengths of a repetition; 20 when absent. */
  measure?: number;
  /** Fewer repetitions than were asked for, and none to warm up: 5 where each takes seconds, 1 of a weight, which no noise moves. */
  repetitionsMax?: number;
  open: (ground: Ground) => Promise<Sides>;
}>;

/** For one caller whose every command waits for a disk: it makes so few a second that V8 compiles what it calls late. */
export const SLOW_WARM_UP = 36;

/** A measured row, as `pnpm bench --json` prints it. */
export type Row = Readonly<{
  name: string;
  unit: string;
  /** Medians over the repetitions. */
  ours: number;
  reference: number;
  /** Ours to the reference: the median of the ratios of each repetition. */
  ratio: number;
  /** From the first to the third quartile of those ratios, as a share of the median. */
  spread: number;
  target: number;
  /** Whether the target is the least or the most that the ratio may be. */
  bound: 'atLeast' | 'atMost';
  met: boolean;
}>;

/** Sums up the repetitions of a contest for one of its rows. */
export function toRow(spec: RowSpec, ours: readonly Sample[], reference: readonly Sample[]): Row {
  const ratios = ratiosOf(spec, ours, reference);
  const ratio = median(ratios);
  const { target } = spec;
  const [bound, limit] =
    'atLeast' in target ? (['atLeast', target.atLeast] as const) : (['atMost', target.atMost] as const);
  return {
    name: spec.name,
    unit: spec.unit,
    ours: median(figuresOf(spec, ours)),
    reference: median(figuresOf(spec, reference)),
    ratio,
    spread: spreadOf(ratios),
    target: limit,
    bound,
    met: bound === 'atLeast' ? ratio >= limit : ratio <= limit,
  };
}

/**
 * How far the median of the ratios may be from that of endless repetitions, as a share of it: the standard error of a
 * median, where the ratios are spread as in a normal distribution.
 */
export function errorOf(spec: RowSpec, ours: readonly Sample[], reference: readonly Sample[]): number {
  const [quartiles, ofMean] = [1.349, 1.253];
  return (ofMean * spreadOf(ratiosOf(spec, ours, reference))) / quartiles / Math.sqrt(ours.length);
}

/** What lies between the first and the third quartile, as a share of the median. */
function spreadOf(ratios: readonly number[]): number {
  return (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / median(ratios);
}

/** Of each repetition. */
function ratiosOf(spec: RowSpec, ours: readonly Sample[], reference: readonly Sample[]): readonly number[] {
  const theirs = figuresOf(spec, reference);
  return figuresOf(spec, ours).map((figure, index) => figure / (theirs[index] ?? Number.NaN));
}

function figuresOf({ figure }: RowSpec, samples: readonly Sample[]): readonly number[] {
  return samples.map(sample => sample[figure] ?? Number.NaN);
}

/** The value in the middle; between the two there when their count is even. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that this share of them stays below. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}
