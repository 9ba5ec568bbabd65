import { sequenceIsDense as breachesOf, type ExecuteError, type Receipt, type StoredRecord } from '@stockfold/core';
import fc from 'fast-check';
import type { Result } from 'neverthrow';
import { busyDay } from './busy-day.ts';
import { deliver } from './deliver.ts';
import { assertNone, assertThat, type Law, type OpenLedger, onLedger } from './law.ts';
import { readRecords } from './read-ledger.ts';

// A clock that is set back and forth, in milliseconds.
const times = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 10 });

/** Invariant 5: for any commands and any clock, sequences are 1, 2, 3 … and `recordedAt` never goes back. */
export function sequenceIsDense(open: OpenLedger): Law {
  return fc.asyncProperty(busyDay, times, ({ world: { organizationId }, policy, commands, width }, ticks) => {
    let tick = 0;
    const clock = () => ticks[tick++ % ticks.length] ?? 0;
    return onLedger(open, { organizationId, policy, clock }, async ledger => {
      const answers = await deliver(ledger, commands, width);
      const records = await readRecords(ledger);
      assertNone(breachesOf(records));
      for (const answer of answers) assertProven(answer, records);
    });
  });
}

/** A receipt is the proof that its command stands in the journal at that place. */
function assertProven(answer: Result<Receipt, ExecuteError>, records: readonly StoredRecord[]): void {
  if (answer.isErr()) return;
  const { sequence, commandId, recordedAt } = answer.value;
  const record = records[sequence - 1];
  assertThat(
    record?.commandId === commandId && record.recordedAt === recordedAt,
    'a receipt names the place of its command in the journal',
  );
}
