import type { Ground } from './ground.ts';
import { type Contest, type Row, type Sample, type Sides, toRow } from './row.ts';

// Until V8 has compiled what is called often. A ledger has more code than its reference, so it is interpreted for longer.
const WARM_UP_MS = 2_000;

/**
 * Runs a contest: repetitions of each side to warm up, then all repetitions in turn, so that whatever disturbs the
 * machine disturbs both.
 */
export async function run(contest: Contest, ground: Ground): Promise<readonly Row[]> {
  const sides = await contest.open(ground);
  try {
    await warmUp(sides.ours);
    await warmUp(sides.reference);
    const ours: Sample[] = [];
    const reference: Sample[] = [];
    const repetitions = Math.min(ground.size.repetitions, contest.repetitionsMax ?? Number.POSITIVE_INFINITY);
    for (let repetition = 0; repetition < repetitions; repetition++) {
      // Whoever comes second finds the caches as the first has left them, so they change places.
      if (repetition % 2 === 0) ours.push(await sides.ours());
      reference.push(await sides.reference());
      if (repetition % 2 === 1) ours.push(await sides.ours());
    }
    return contest.rows.map(spec => toRow(spec, ours, reference));
  } finally {
    await sides.close();
  }
}

/** Runs one side until it is warm: for two seconds, or once where that takes longer. */
export async function warmUp(side: Sides['ours']): Promise<void> {
  const end = performance.now() + WARM_UP_MS;
  do await side();
  while (performance.now() < end);
}
