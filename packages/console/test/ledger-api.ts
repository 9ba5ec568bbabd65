import type { Ledger } from '@stockfold/core';
import { createLedger } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { arbitraries } from '@stockfold/testing';
import type fc from 'fast-check';
import { errAsync } from 'neverthrow';
import type { Api } from '../src/page/api/api.ts';

/** What the page asks of a server, asked of a ledger: with how many items were answered to what. */
export function apiOf(ledger: Ledger): Pick<Api, 'ask'> & Readonly<{ answered: number[] }> {
  const answered: number[] = [];
  const ask = ({ kind, ...rest }: Readonly<{ kind: string; query?: object }>) => {
    const asked = ledger[kind as 'balances' | 'journal']('query' in rest ? rest.query : undefined);
    return asked
      .map(page => {
        answered.push(page.items.length);
        return page;
      })
      .orElse(error => errAsync({ kind: 'Refused', status: 400, errorType: error.kind, message: '' } as const));
  };
  return { ask: ask as unknown as Api['ask'], answered };
}

/** A ledger after some commands that a shop may well send. */
export const ledgerWithHistory: fc.Arbitrary<() => Promise<Ledger>> = arbitraries.commands.map(
  ({ world: { organizationId }, commands }) =>
    async () => {
      const ledger = createLedger({ store: createMemoryStore(), organizationId });
      await ledger.executeAll(commands);
      return ledger;
    },
);

/** Nobody gives up. */
export const PATIENT: AbortSignal = new AbortController().signal;
