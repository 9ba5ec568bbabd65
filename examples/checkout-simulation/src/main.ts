import { parseArgs } from 'node:util';
import { carefulCheckout } from './careful-checkout.ts';
import type { Checkout } from './checkout.ts';
import { examine, type Verdict } from './examine.ts';
import { hopefulCheckout } from './hopeful-checkout.ts';

// `node src/main.ts --seed 7 --worlds 1000`: both checkouts, and what was found. With `--path`, the one world that failed.

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    worlds: { type: 'string', default: '1000' },
    path: { type: 'string' },
  },
});
const examination = { seed: Number(values.seed), worlds: Number(values.worlds), path: values.path };
const verdicts = new Map<Checkout, Verdict>();
for (const checkout of values.path === undefined ? [hopefulCheckout, carefulCheckout] : [hopefulCheckout]) {
  const verdict = await examine(checkout, examination);
  verdicts.set(checkout, verdict);
  console.log(describe(checkout, verdict));
}
// The careful one is the one to be shipped.
if (verdicts.get(carefulCheckout)?.failure) process.exitCode = 1;

function describe({ name }: Checkout, { worlds, failure }: Verdict): string {
  if (failure === null) return `${name} kept every promise in ${worlds} worlds (seed ${examination.seed})`;
  const { rush, outcome, broken, path, shrinks } = failure;
  return [
    `${name} broke a promise in world ${worlds} (seed ${examination.seed}), made smaller ${shrinks} times:`,
    ...broken.map(promise => `  broken: ${promise}`),
    `  world: ${JSON.stringify(rush)}`,
    `  outcome: ${JSON.stringify(outcome)}`,
    `  again: npx --yes pnpm@12.20.0 checkout-simulation --seed ${examination.seed} --path ${path}`,
  ].join('\n');
}
