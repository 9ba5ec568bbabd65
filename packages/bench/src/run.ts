import type { Ground } from './ground.ts';
import { type Contest, errorOf, type Row, type RowSpec, type Sample, type Sides, toRow } from './row.ts';

// Until V8 has compiled what is called often: a ledger has more code than its reference.
const WARM_UP_MS = { ours: 2_000, reference: 1_000 };
// Repetitions go on until the ratio is known so well, or there are so many times as many as were asked for: a quiet machine
// needs the least of them.
const ERROR_MAX = 0.03;
const TIMES_MAX = 2.5;

/**
 * Runs a contest: repetitions of each side to warm up, then all repetitions in turn, so that whatever disturbs the
 * machine disturbs both.
 */
export async function run({ rows, repetitionsMax, warmUpMs, open }: Contest, ground: Ground): Promise<readonly Row[]> {
  const sides = await open(ground);
  try {
    if (repetitionsMax === undefined) {
      await warmUp(sides.ours, warmUpMs ?? WARM_UP_MS.ours);
      await warmUp(sides.reference, WARM_UP_MS.reference);
    }
    const least = Math.min(ground.size.repetitions, repetitionsMax ?? Number.POSITIVE_INFINITY);
    const most = repetitionsMax ?? Math.floor(least * TIMES_MAX);
    const [ours, reference] = await repeat(sides, rows[0] as RowSpec, least, most);
    return rows.map(spec => toRow(spec, ours, reference));
  } finally {
    await sides.close();
  }
}

/** Runs both sides in turn until the ratio of a row is known. */
export async function repeat(
  sides: Omit<Sides, 'close'>,
  row: RowSpec,
  least: number,
  most: number,
): Promise<readonly [ours: readonly Sample[], reference: readonly Sample[]]> {
  const ours: Sample[] = [];
  const reference: Sample[] = [];
  for (let done = 0; done < least || (done < most && errorOf(row, ours, reference) > ERROR_MAX); done++) {
    // Whoever comes second finds the caches as the first has left them, so they change places.
    if (done % 2 === 0) ours.push(await sides.ours());
    reference.push(await sides.reference());
    if (done % 2 === 1) ours.push(await sides.ours());
  }
  return [ours, reference];
}

/** Runs one side for so long, or once where that takes longer. */
export async function warmUp(side: Sides['ours'], ms: number): Promise<void> {
  const end = performance.now() + ms;
  do await side();
  while (performance.now() < end);
}
