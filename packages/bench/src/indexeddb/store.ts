import { fileURLToPath } from 'node:url';
import { bundle } from '../../../testing/test/browser/bundle.ts';
import { openSite } from '../../../testing/test/browser/site.ts';
import type { Ground } from '../ground.ts';
import type { Contest, Sample, Sides } from '../row.ts';
import type { Bench } from './page.ts';

/** One caller in Chromium, against raw IndexedDB that writes the same records, or reads them by one `getAll`. */
export const indexedDbStore: readonly Contest[] = [
  ...[1, 100, 1_000].map(lines => ({
    rows: [rowOf(`${lines}-lines`, 'commands/s')],
    open: (ground: Ground) =>
      open(ground, { variants: 1_000, lines, times: 1, ours: 'sellOurs', reference: 'sellTheirs' }),
  })),
  {
    rows: [rowOf('read-10k-balances', 'reads/s')],
    // One read takes about as long as a repetition, which would come to one read or two.
    open: ground => open(ground, { variants: 10_000, lines: 1, times: 4, ours: 'readOurs', reference: 'readTheirs' }),
  },
];

type Side = Exclude<keyof Bench, 'open'>;

function rowOf(name: string, unit: string): Contest['rows'][number] {
  return { name: `indexeddb/${name}`, figure: 'perSecond', unit, target: { atLeast: 0.8 } };
}

/** `times`: how many times as long as others it takes for a figure. */
type Work = Readonly<{ variants: number; lines: number; times: number; ours: Side; reference: Side }>;

/** A page of a site of its own, and so with databases of its own. */
async function open({ size, newPage }: Ground, work: Work): Promise<Sides> {
  const site = await openSite({
    scripts: { '/page.js': await bundle(fileURLToPath(new URL('./page.ts', import.meta.url))) },
  });
  const page = await newPage(site.origin);
  await page.waitForFunction(() => 'bench' in globalThis);
  await page.evaluate(([variants, lines]) => (globalThis as unknown as { bench: Bench }).bench.open(variants, lines), [
    work.variants,
    work.lines,
  ] as const);
  const run = (side: Side): Promise<Sample> =>
    page.evaluate(([name, ms]) => (globalThis as unknown as { bench: Bench }).bench[name](ms), [
      side,
      size.ms * work.times,
    ] as const);
  return {
    ours: () => run(work.ours),
    reference: () => run(work.reference),
    close: async () => {
      await page.close();
      await site.close();
    },
  };
}
