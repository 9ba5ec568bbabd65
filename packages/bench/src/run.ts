import type { Ground } from './ground.ts';
import { type Contest, type Row, type Sample, toRow } from './row.ts';

/**
 * Runs a contest: one repetition of each side to warm up, then all repetitions in turn, so that whatever disturbs the
 * machine disturbs both.
 */
export async function run(contest: Contest, ground: Ground): Promise<readonly Row[]> {
  const sides = await contest.open(ground);
  try {
    await sides.ours();
    await sides.reference();
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
