import type { Sample } from './row.ts';

/** One command, the work of a caller at one time. */
export type Work = () => Promise<void>;

/**
 * Keeps some callers busy, each with one command after the other, until the time is up.
 *
 * @returns `perSecond`, commands of all callers; `p99Ms`, the time that 1 % of them took longer than.
 */
export async function load(callers: number, ms: number, work: Work): Promise<Sample> {
  const took: number[] = [];
  const start = performance.now();
  const end = start + ms;
  const caller = async () => {
    for (let now = performance.now(); now < end; ) {
      await work();
      const done = performance.now();
      took.push(done - now);
      now = done;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const elapsed = performance.now() - start;
  took.sort((a, b) => a - b);
  return { perSecond: (took.length * 1_000) / elapsed, p99Ms: took[Math.floor(took.length * 0.99)] ?? Number.NaN };
}
