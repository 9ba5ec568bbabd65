import { asOfAgrees as breachesOf } from '@stockfold/core';
import fc from 'fast-check';
import { busyDay } from './busy-day.ts';
import { deliver } from './deliver.ts';
import { assertNone, type Law, type OpenLedger, onLedger } from './law.ts';
import { readBalances, readRecords } from './read-ledger.ts';

/** Invariant 8: for any commands, the balances as of each sequence are the fold of the records up to it. */
export function asOfAgrees(open: OpenLedger): Law {
  return fc.asyncProperty(busyDay, ({ world: { organizationId }, policy, commands, width }) =>
    onLedger(open, { organizationId, policy }, async ledger => {
      await deliver(ledger, commands, width);
      const records = await readRecords(ledger);
      for (let sequence = 0; sequence <= records.length; sequence++)
        assertNone(breachesOf(records, sequence, await readBalances(ledger, sequence)));
    }),
  );
}
