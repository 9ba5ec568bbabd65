import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Ledger, NO_FLOORS, refund, sale } from '@stockfold/core';
import { expect, it } from 'vitest';
import { carefulCheckout } from '../src/careful-checkout.ts';
import type { Checkout } from '../src/checkout.ts';
import { examine } from '../src/examine.ts';
import { hopefulCheckout } from '../src/hopeful-checkout.ts';
import { PROMISES } from '../src/promises.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const simulate = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });

it('for any rush and faults, the careful checkout keeps every promise', async () => {
  expect(await examine(carefulCheckout, { seed: 1, worlds: 1_000 })).toEqual({ worlds: 1_000, failure: null });
});

it('finds the hopeful checkout out, with two customers and one piece, and nothing else that goes wrong', async () => {
  const { failure } = await examine(hopefulCheckout, { seed: 1, worlds: 1_000 });
  expect(failure?.broken).toContain('the shelf never falls below zero');
  expect(failure?.rush).toMatchObject({ stock: 1, faults: [] });
  expect(failure?.rush.customers).toHaveLength(2);
});

/** The careful checkout with one line of it wrong. */
const almostCareful = (wrong: 'no floor' | 'a new id for each attempt' | 'nothing put back'): Checkout => ({
  name: wrong,
  policy: wrong === 'no floor' ? NO_FLOORS : carefulCheckout.policy,
  run: async (ledger, variant, { pieces, pay }) => {
    if (!(await record(ledger, sale('STORE', variant, pieces)))) return false;
    if (await pay()) return true;
    if (wrong !== 'nothing put back') await record(ledger, refund('STORE', variant, pieces));
    return false;
  },
});

async function record(ledger: Ledger, line: ReturnType<typeof sale>): Promise<boolean> {
  for (;;) {
    const recorded = await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines: [line] });
    if (recorded.isOk() || recorded.error.retry !== 'same-command') return recorded.isOk();
  }
}

it.each([
  ['no floor', 'the shelf never falls below zero'],
  ['a new id for each attempt', 'what is gone from the shelf is what customers have'],
  ['nothing put back', 'what is gone from the shelf is what customers have'],
] as const)('finds a careful checkout out that has %s', async (wrong, promise) => {
  const { failure } = await examine(almostCareful(wrong), { seed: 1, worlds: 1_000 });
  expect(failure?.broken).toContain(promise);
});

it('finds a checkout out that gives the goods away', async () => {
  const generous: Checkout = {
    ...carefulCheckout,
    run: async (...args) => carefulCheckout.run(args[0], args[1], { ...args[2], pay: async () => true }),
  };
  const { failure } = await examine(generous, { seed: 1, worlds: 1_000 });
  expect(failure?.broken).toEqual([Object.keys(PROMISES)[2]]);
});

it('prints the seed and the line that runs the failed world again', () => {
  const { status, stdout, stderr } = simulate('--seed', '1', '--worlds', '200');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toContain('the careful checkout kept every promise in 200 worlds (seed 1)');
  const [, line = ''] = /again: npx .* checkout-simulation (.*)/.exec(stdout) ?? [];
  expect(line).toMatch(/^--seed 1 --path [\d:]+$/);
  const [world] = /world: .*/.exec(stdout) ?? [];
  expect(simulate(...line.split(' ')).stdout).toContain(world);
});
