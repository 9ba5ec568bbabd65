import { keepsFloor as breachesOf } from '@stockfold/core';
import fc from 'fast-check';
import { scarceStock } from '../arbitraries/scarce-stock.ts';
import { deliver } from './deliver.ts';
import { assertNone, assertThat, type Law, type OpenLedger, onLedger } from './law.ts';
import { readLedger } from './read-ledger.ts';

/** Invariant 3: for any sellers racing for scarce stock, no balance falls below its floor. */
export function keepsFloor(open: OpenLedger): Law {
  return fc.asyncProperty(scarceStock, ({ world: { organizationId, locations }, policy, stocking, sales }) =>
    onLedger(open, { organizationId, policy }, async ledger => {
      await ledger.execute(stocking);
      await deliver(ledger, sales, sales.length);
      const { records, balances } = await readLedger(ledger);
      assertNone(breachesOf(records));
      const onShelf = balances.filter(balance => balance.locationId === locations.STORE);
      assertThat(
        onShelf.every(balance => balance.onHand >= 0),
        'no stored balance at STORE is below 0',
      );
    }),
  );
}
