import { matchesJournal as breachesOf } from '@stockfold/core';
import fc from 'fast-check';
import { busyDay } from './busy-day.ts';
import { deliver } from './deliver.ts';
import { assertNone, type Law, type OpenLedger, onLedger } from './law.ts';
import { readLedger } from './read-ledger.ts';

/** Invariant 2: for any commands, folding the journal gives the stored balances. */
export function matchesJournal(open: OpenLedger): Law {
  return fc.asyncProperty(busyDay, ({ world: { organizationId }, policy, commands, width }) =>
    onLedger(open, { organizationId, policy }, async ledger => {
      await deliver(ledger, commands, width);
      const { records, balances } = await readLedger(ledger);
      assertNone(breachesOf(records, balances));
    }),
  );
}
