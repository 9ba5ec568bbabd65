import { formatQuantity, fromUnits, toUnits } from '@stockfold/core';
import type { laws } from '../../src/index.ts';
import type { Mutant } from './mutant.ts';

const RIGHT: laws.Amounts = { toUnits, fromUnits };

/** Reckons in numbers with decimals: 1.15 is 114 hundredths. */
export const multiplies: laws.Amounts = {
  ...RIGHT,
  toUnits: (input, scale = 0, path) => toUnits(Math.floor(Number(input) * 10 ** scale), 0, path),
};

/** Cuts what has more digits than the scale, and refuses nothing. */
export const cuts: laws.Amounts = {
  ...RIGHT,
  toUnits: (input, scale = 0, path) => {
    const [whole = '', fraction = ''] = String(input).split('.');
    return toUnits(scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0').slice(0, scale)}`, scale, path);
  },
};

/** Writes two decimals, as of money. */
export const writesTwoDecimals: laws.Amounts = {
  ...RIGHT,
  fromUnits: (units, scale = 0) => Number(formatQuantity(units, scale)).toFixed(2),
};

/** Keeps the floors of a policy, and not its scale. */
export const forgetsScale: Mutant = inner => ({
  ...inner,
  commit: commit =>
    inner.commit({
      ...commit,
      config: commit.config.map(change => {
        if (change.kind !== 'Policy') return change;
        const { scale: _, ...policy } = change.policy;
        return { ...change, policy };
      }),
    }),
});
