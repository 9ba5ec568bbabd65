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
  /** Fewer repetitions than were asked for: 5 where each takes seconds, 1 of a weight, which no noise moves. */
  repetitionsMax?: number;
  open: (ground: Ground) => Promise<Sides>;
}>;

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
  const of = (samples: readonly Sample[]) => samples.map(sample => sample[spec.figure] ?? Number.NaN);
  const ratios = of(ours).map((value, index) => value / (of(reference)[index] ?? Number.NaN));
  const ratio = median(ratios);
  const { target } = spec;
  const [bound, limit] =
    'atLeast' in target ? (['atLeast', target.atLeast] as const) : (['atMost', target.atMost] as const);
  return {
    name: spec.name,
    unit: spec.unit,
    ours: median(of(ours)),
    reference: median(of(reference)),
    ratio,
    spread: (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / ratio,
    target: limit,
    bound,
    met: bound === 'atLeast' ? ratio >= limit : ratio <= limit,
  };
}

/** The value in the middle; between the two there when their count is even. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}
