import { conserves as breachesOf } from '@stockfold/core';
import fc from 'fast-check';
import { busyDay } from './busy-day.ts';
import { deliver } from './deliver.ts';
import { assertNone, type Law, type OpenLedger, onLedger } from './law.ts';
import { readBalances } from './read-ledger.ts';

/** Invariant 1: for any commands, what all locations hold of a variant adds up to zero. */
export function conserves(open: OpenLedger): Law {
  return fc.asyncProperty(busyDay, ({ world: { organizationId }, policy, commands, width }) =>
    onLedger(open, { organizationId, policy }, async ledger => {
      await deliver(ledger, commands, width);
      assertNone(breachesOf(await readBalances(ledger)));
    }),
  );
}
