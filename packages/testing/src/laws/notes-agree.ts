import { notesAgree as breachesOf } from '@stockfold/core';
import fc from 'fast-check';
import { noting, withNotes } from '../arbitraries/noting.ts';
import { busyDay } from './busy-day.ts';
import { deliver } from './deliver.ts';
import { assertNone, type Law, type OpenLedger, onLedger } from './law.ts';
import { readNotes, readRecords } from './read-ledger.ts';

/** Invariant 12: for any commands with notes, folding the journal gives the stored notes. */
export function notesAgree(open: OpenLedger): Law {
  return fc.asyncProperty(
    busyDay,
    fc.array(noting, { maxLength: 8 }),
    ({ world: { organizationId }, policy, commands, width }, notings) =>
      onLedger(open, { organizationId, policy }, async ledger => {
        await deliver(ledger, withNotes(commands, notings), width);
        assertNone(breachesOf(await readRecords(ledger), await readNotes(ledger)));
      }),
  );
}
