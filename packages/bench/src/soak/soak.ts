import { parseArgs } from 'node:util';
import { figure } from '../print.ts';
import { linearFit } from './linear-fit.ts';
import { openShops } from './shops.ts';

// `pnpm soak --minutes 60`: trades on every store, weighs the heap after each sweep, and fits a line through it. The exit
// code is 1 when the heap grows.

const { values } = parseArgs({
  args: process.argv.slice(2).filter(argument => argument !== '--'),
  options: { minutes: { type: 'string', default: '60' } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  console.error('usage: pnpm soak [--minutes 60]');
  process.exit(2);
}

// Less than 2 bytes a command in an hour: one number kept of each would be found.
const GROWTH_MAX_BYTES = 2_000_000;
const SAMPLES = 60;
// What is compiled and remembered in the first part is no growth.
const WARM_UP = 0.2;

const shops = await openShops();
const start = performance.now();
const span = minutes * 60_000;
const points: { x: number; y: number }[] = [];
for (let sample = 0; sample <= SAMPLES; sample++) {
  while (performance.now() - start < (span * sample) / SAMPLES) await shops.trade();
  const [x, y] = [performance.now() - start, heapUsed()];
  if (sample >= SAMPLES * WARM_UP) points.push({ x, y });
  console.error(
    `${(x / 60_000).toFixed(1)} min: ${figure(shops.commands())} commands, ${figure(y / 1024)} KiB after a sweep`,
  );
}
const { slope, residual } = linearFit(points);
await shops.verifyAll();
const commands = shops.commands();
await shops.close();

const from = points[0]?.x ?? 0;
const to = points.at(-1)?.x ?? 0;
const growth = slope * (to - from);
// A slope within the noise around the line is none.
const grows = growth > GROWTH_MAX_BYTES && growth > 3 * residual;
console.log(`${minutes} min, ${figure(commands)} commands on ${shops.names.join(', ')}`);
console.log(
  `a line through ${points.length} heaps: ${figure(growth / 1024)} KiB in ${((to - from) / 60_000).toFixed(1)} min`,
);
console.log(`around the line: ${figure(residual / 1024)} KiB (one standard deviation)`);
console.log(grows ? 'THE HEAP GROWS' : 'the heap is flat');
process.exitCode = grows ? 1 : 0;

function heapUsed(): number {
  for (let round = 0; round < 2; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
