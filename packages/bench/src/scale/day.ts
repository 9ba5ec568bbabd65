/** Shops that share a store. */
export type World = Readonly<{
  organizations: number;
  /** Tills of an organization of middle size. */
  devices: number;
  /** Sales of a device in a day. */
  salesPerDevice: number;
  linesPerSale: number;
  /** How many of an organization's sales hold its hottest variant: 0 to 1. */
  hotShare: number;
  seed: number;
}>;

/** What a day comes to; rates are of the busiest minute. */
export type Day = Readonly<{
  commands: number;
  busiestPerSecond: number;
  busiestOrganizationPerSecond: number;
  hottestVariantPerSecond: number;
}>;

const OPENING_MINUTES = 12 * 60;
// Organizations differ: the n-th has the n-th share of a Zipf distribution with this exponent.
const EXPONENT = 0.7;

/**
 * A day of trade. Organizations are of unequal size, the hours of unequal trade (two peaks, at noon and in the evening), and
 * sales come by chance.
 */
export function simulateDay(world: World): Day {
  const random = generator(world.seed);
  const weights = Array.from({ length: world.organizations }, (_, index) => (index + 1) ** -EXPONENT);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sales = world.organizations * world.devices * world.salesPerDevice;
  const shape = Array.from({ length: OPENING_MINUTES }, (_, minute) => tradeAt(minute / OPENING_MINUTES));
  const allDay = shape.reduce((sum, part) => sum + part, 0);
  const largest = ((weights[0] as number) * sales) / total;
  let [commands, busiest, busiestOne, hottest] = [0, 0, 0, 0];
  for (const part of shape) {
    const ofMinute = poisson((sales * part) / allDay, random);
    const ofLargest = poisson((largest * part) / allDay, random);
    commands += ofMinute;
    busiest = Math.max(busiest, ofMinute);
    busiestOne = Math.max(busiestOne, ofLargest);
    hottest = Math.max(hottest, poisson((largest * world.hotShare * part) / allDay, random));
  }
  return {
    commands,
    busiestPerSecond: busiest / 60,
    busiestOrganizationPerSecond: busiestOne / 60,
    hottestVariantPerSecond: hottest / 60,
  };
}

/** How much is traded at a time of the day, from 0 at opening to 1 at closing: twice as much and more at the peaks. */
function tradeAt(time: number): number {
  const peak = (at: number, width: number) => Math.exp(-(((time - at) / width) ** 2));
  return 0.6 + peak(0.35, 0.1) + 1.2 * peak(0.8, 0.08);
}

/** How many of what comes by chance; by the normal distribution where there are many. */
function poisson(mean: number, random: () => number): number {
  if (mean > 50) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  let count = -1;
  for (let product = 1; product > Math.exp(-mean); count++) product *= random();
  return count;
}

/** Numbers from 0 to 1, the same ones for a seed. @see mulberry32 */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
