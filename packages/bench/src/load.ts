/** One command, the work of a caller at one time. */
export type Work = () => Promise<void>;

/**
 * Keeps some callers busy, each with one command after the other, until the time is up.
 *
 * @returns `perSecond`, commands of all callers; `tookMs`, how long each of them took.
 */
export async function load(
  callers: number,
  ms: number,
  work: Work,
): Promise<Readonly<{ perSecond: number; tookMs: readonly number[] }>> {
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
  return { perSecond: (tookMs.length * 1_000) / (performance.now() - start), tookMs };
}
