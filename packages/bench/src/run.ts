import type { Ground } from './ground.ts';
import { type Contest, errorOf, type Row, type RowSpec, type Sample, type Sides, toRow } from './row.ts';

// All of these are as many times as long as a repetition of one side, which is 250 ms where nothing else was asked for.
// Until V8 has compiled what is called often, and compiled it again after it has collected all garbage.
const WARM_UP = 12;
// More repetitions than were asked for come until the ratio is known so well, or both sides have run for so long: a quiet
// machine needs none of them.
const ERROR_MAX = 0.03;
const MEASURE = 20;

/**
 * Runs a contest: both sides to warm up, then all repetitions in turn, so that whatever disturbs the
 * machine disturbs both.
 */
export async function run(
  { rows, repetitionsMax, warmUp: length = WARM_UP, measure = MEASURE, open }: Contest,
  ground: Ground,
): Promise<readonly Row[]> {
  const { size } = ground;
  const sides = await open(ground);
  try {
    // Ours twice as often: a ledger has more code than its reference.
    const turns = [sides.ours, sides.ours, sides.reference];
    if (repetitionsMax === undefined) await warmUp(turns, length * size.ms);
    const least = Math.min(size.repetitions, repetitionsMax ?? Number.POSITIVE_INFINITY);
    const ms = repetitionsMax === undefined ? measure * size.ms : 0;
    const [ours, reference] = await repeat(sides, rows, least, ms);
    return rows.map(spec => toRow(spec, ours, reference));
  } finally {
    await sides.close();
  }
}

/** Runs both sides in turn, so often at least, and then until the ratio of each row is known, or the time is up. */
export async function repeat(
  sides: Omit<Sides, 'close'>,
  rows: readonly RowSpec[],
  least: number,
  ms: number,
): Promise<readonly [ours: readonly Sample[], reference: readonly Sample[]]> {
  const ours: Sample[] = [];
  const reference: Sample[] = [];
  const end = performance.now() + ms;
  const isKnown = () => performance.now() >= end || rows.every(row => errorOf(row, ours, reference) <= ERROR_MAX);
  for (let done = 0; done < least || !isKnown(); done++) {
    // Whoever comes second finds the caches as the first has left them, so they change places.
    if (done % 2 === 0) ours.push(await sides.ours());
    reference.push(await sides.reference());
    if (done % 2 === 1) ours.push(await sides.ours());
  }
  return [ours, reference];
}

/** Runs some sides in turn for so long, or once where that takes longer. */
export async function warmUp(sides: readonly Sides['ours'][], ms: number): Promise<void> {
  const end = performance.now() + ms;
  do for (const side of sides) await side();
  while (performance.now() < end);
}
