import { quantile } from './row.ts';

/** One command, the work of a caller at one time. */
export type Work = () => Promise<void>;

/**
 * Keeps some callers busy, each with one command after the other, until the time is up.
 *
 * @returns `perSecond`, commands of all callers; `p99Ms`, than which 99 % of them took less time.
 */
export async function load(
  callers: number,
  ms: number,
  work: Work,
): Promise<Readonly<{ perSecond: number; p99Ms: number }>> {
  const tookMs: number[] = [];
  const start = performance.now();
  const end = start + ms;
  const caller = async () => {
    for (let now = performance.now(); now < end; ) {
      await work();
      const done = performance.now();
      tookMs.push(done - now);
      now = done;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { perSecond: (tookMs.length * 1_000) / (performance.now() - start), p99Ms: quantile(tookMs, 0.99) };
}
