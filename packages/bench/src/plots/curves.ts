import { createLedger, type Ledger, type MovementLineInput, restock, sale, transfer } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { load } from '../load.ts';
import { median } from '../row.ts';
import { inTurn, record, stockUp, variantsOf } from '../shop.ts';

/** One curve of a plot: what a command, or a line of one, costs at each size. */
export type Curve = Readonly<{ name: string; points: readonly Readonly<{ size: number; microseconds: number }>[] }>;

/** A plot: how the cost grows with one thing. */
export type Growth = Readonly<{ name: string; title: string; sizes: string; curves: readonly Curve[] }>;

/** How long each point is measured, and how far the history goes. */
export type PlotSize = Readonly<{ ms: number; movementsMax: number }>;

const REPETITIONS = 5;

/** Measures the memory store and the whole ledger above it, one caller. */
export async function measureGrowth(size: PlotSize): Promise<readonly Growth[]> {
  return [await withVariants(size), await withHistory(size), await withLines(size), await withLocations(size)];
}

async function withVariants({ ms }: PlotSize): Promise<Growth> {
  const points = { ours: [] as Curve['points'][number][], map: [] as Curve['points'][number][] };
  for (const size of [1_000, 10_000, 100_000, 1_000_000]) {
    const variants = shuffled(variantsOf(size));
    const { ledger } = await shop(variants);
    const next = inTurn(variants);
    points.ours.push({ size, microseconds: await costOf(ms, () => record(ledger, [sale('STORE', next(), 1)])) });
    const records = new Map(variants.map(({ variantId }) => [variantId, { onHand: 0 }]));
    points.map.push({ size, microseconds: await costOfMap(ms, records, inTurn(variants)) });
    await ledger.close();
  }
  const curves = [
    { name: 'a command of one line', points: points.ours },
    { name: 'a look-up in a Map of the same variants', points: points.map },
  ];
  return { name: 'variants', title: 'Cost of a command, by the number of variants', sizes: 'variants', curves };
}

async function costOfMap(
  ms: number,
  records: ReadonlyMap<string, { onHand: number }>,
  next: () => { variantId: string },
): Promise<number> {
  const batch = 1_000;
  const cost = await costOf(ms, async () => {
    for (let index = 0; index < batch; index++) (records.get(next().variantId) as { onHand: number }).onHand -= 1;
  });
  return cost / batch;
}

async function withHistory({ ms, movementsMax }: PlotSize): Promise<Growth> {
  const variants = variantsOf(1_000);
  const { ledger } = await shop(variants);
  const [next, again] = [inTurn(variants), inTurn(variants)];
  const [sales, pasts]: [Curve['points'][number][], Curve['points'][number][]] = [[], []];
  let sequence = variants.length / 1_000;
  for (let size = 10_000; size <= movementsMax; size *= 10) {
    for (; sequence * 1_000 < size; sequence++)
      await record(
        ledger,
        variants.map(variant => restock('STORE', variant, 1)),
      );
    sales.push({ size, microseconds: await costOf(ms, () => record(ledger, [sale('STORE', next(), 1)])) });
    const past = () => ({
      locationId: 'STORE',
      variantId: again().variantId,
      asOf: 1 + Math.floor(Math.random() * sequence),
    });
    pasts.push({
      size,
      microseconds: await costOf(ms, async () => void (await ledger.balanceAt(past()))._unsafeUnwrap()),
    });
  }
  await ledger.close();
  const curves = [
    { name: 'a command of one line', points: sales },
    { name: 'a balance as of any sequence', points: pasts },
  ];
  return { name: 'history', title: 'Cost of a command, by the movements before it', sizes: 'movements', curves };
}

async function withLines({ ms }: PlotSize): Promise<Growth> {
  const variants = variantsOf(1_000);
  const { ledger } = await shop(variants);
  const points: Curve['points'][number][] = [];
  for (const size of [1, 2, 5, 10, 50, 100, 500, 1_000]) {
    const cart = variants.slice(0, size).map(variant => sale('STORE', variant, 1));
    points.push({ size, microseconds: (await costOf(ms, () => record(ledger, cart))) / size });
  }
  await ledger.close();
  const curves = [{ name: 'one line of a command', points }];
  return { name: 'lines', title: 'Cost of a line, by the lines of its command', sizes: 'lines', curves };
}

async function withLocations({ ms }: PlotSize): Promise<Growth> {
  const variants = variantsOf(100);
  const points: Curve['points'][number][] = [];
  for (const size of [4, 16, 64, 256, 1_024]) {
    const { ledger } = await shop(variants);
    const moves = inTurn(await spread(ledger, variants, size - 4));
    points.push({ size, microseconds: await costOf(ms, () => record(ledger, [moves()])) });
    await ledger.close();
  }
  const curves = [{ name: 'a command of one line', points }];
  return { name: 'locations', title: 'Cost of a command, by the number of locations', sizes: 'locations', curves };
}

/** Opens locations and puts some of each variant into each; gives moves between STORE and them. */
async function spread(
  ledger: Ledger,
  variants: ReturnType<typeof variantsOf>,
  count: number,
): Promise<readonly MovementLineInput[]> {
  const moves = variants.map(variant => sale('STORE', variant, 1));
  for (let opened = 0; opened < count; opened++) {
    const id = crypto.randomUUID();
    const location = { id, type: 'STORE', name: `shop ${opened}` } as const;
    (await ledger.execute({ kind: 'OpenLocation', id: ledger.newId(), location }))._unsafeUnwrap();
    await record(
      ledger,
      variants.map(variant => transfer('STORE', id, variant, 1_000)),
    );
    moves.push(...variants.map(variant => transfer('STORE', id, variant, 1)));
  }
  return moves;
}

async function shop(variants: ReturnType<typeof variantsOf>): Promise<Readonly<{ ledger: Ledger }>> {
  const ledger = createLedger({ store: createMemoryStore(), policy: { floors: { STORE: 0 } } });
  await stockUp(ledger, variants);
  return { ledger };
}

/** By time of the processor, which other programs take none of: median of some repetitions, after one to warm up. */
async function costOf(ms: number, work: () => Promise<void>): Promise<number> {
  const costs: number[] = [];
  for (let repetition = -1; repetition < REPETITIONS; repetition++) {
    let count = 0;
    const before = process.cpuUsage();
    await load(1, ms, async () => {
      count += 1;
      await work();
    });
    const { user, system } = process.cpuUsage(before);
    if (repetition >= 0) costs.push((user + system) / count);
  }
  return median(costs);
}

/** Met in no order: no cache has the next one. */
function shuffled<T>(items: readonly T[]): readonly T[] {
  const stride = 387_413;
  return items.map((_, index) => items[(index * stride) % items.length] as T);
}
