import { err, ok, type Result } from 'neverthrow';
import type { Step } from './steps.ts';

/** Asks for what was there after a record. */
export type ReadOnHand<E> = (sequence: number) => PromiseLike<Result<number, E>>;

/** What was found out about a balance, and at how many points. */
export type Sampled = Readonly<{ steps: readonly Step[]; points: number }>;

/** At the beginning there are so many points, or half of them. */
const GRID = 64;
/** A step is looked for while no more questions than these were asked. */
const POINTS_MAX = 256;
// A browser has six connections to a server, and one is the stream's.
const AT_ONCE = 5;

/**
 * The stock over a long journal, from questions about single moments: evenly spread ones first, then halfway between two
 * that differ, the widest first, until every step is found or enough was asked. Each point is exact; what went up and
 * down again between two equal ones is not seen.
 *
 * @param to - The last record. What is asked of those before it stays the same while the journal grows a little.
 */
export async function sampleSteps<E>(read: ReadOnHand<E>, to: number): Promise<Result<Sampled, E>> {
  const points = new Map<number, number>();
  const ask = async (sequences: readonly number[]): Promise<E | null> => {
    const answers = await Promise.all(sequences.map(sequence => read(sequence)));
    for (const [index, answer] of answers.entries()) {
      if (answer.isErr()) return answer.error;
      points.set(sequences[index] as number, answer.value);
    }
    return null;
  };
  for (let open = gridOf(to); open.length > 0 && points.size < POINTS_MAX; ) {
    const error = await ask(open.slice(0, AT_ONCE));
    if (error !== null) return err(error);
    open = open.length > AT_ONCE ? open.slice(AT_ONCE) : halvesOf(points);
  }
  const end = points.has(to) ? null : await ask([to]);
  return end === null ? ok({ steps: stepsAt(points), points: points.size }) : err(end);
}

/** Multiples of a power of two. */
function gridOf(to: number): readonly number[] {
  const stride = 2 ** Math.max(0, Math.ceil(Math.log2(to / GRID)));
  return Array.from({ length: Math.floor(to / stride) + 1 }, (_, index) => index * stride);
}

/** Halfway between neighbours that differ and are not next to each other, the widest first. */
function halvesOf(points: ReadonlyMap<number, number>): readonly number[] {
  const sequences = [...points.keys()].sort((a, b) => a - b);
  return sequences
    .flatMap((sequence, index) => {
      const next = sequences[index + 1];
      if (next === undefined || next - sequence < 2 || points.get(sequence) === points.get(next)) return [];
      return [{ half: sequence + Math.floor((next - sequence) / 2), width: next - sequence }];
    })
    .sort((a, b) => b.width - a.width)
    .map(({ half }) => half);
}

function stepsAt(points: ReadonlyMap<number, number>): readonly Step[] {
  return [...points]
    .sort(([a], [b]) => a - b)
    .map(([sequence, onHand]) => ({ sequence, onHand }))
    .filter((step, index, all) => index === 0 || step.onHand !== all[index - 1]?.onHand);
}
