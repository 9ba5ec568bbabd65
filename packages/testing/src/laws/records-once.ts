import { recordsOnce as breachesOf, type ExecuteError, type Receipt } from '@stockfold/core';
import fc from 'fast-check';
import type { Result } from 'neverthrow';
import { busyDay } from './busy-day.ts';
import { deliver } from './deliver.ts';
import { assertNone, assertThat, type Law, type OpenLedger, onLedger } from './law.ts';
import { readRecords } from './read-ledger.ts';

/** Invariant 4: for any commands that are sent several times, each is in the journal once, and answered alike. */
export function recordsOnce(open: OpenLedger): Law {
  return fc.asyncProperty(busyDay, ({ world: { organizationId }, policy, commands, width }) =>
    onLedger(open, { organizationId, policy }, async ledger => {
      const twins = commands.flatMap(command => [command, command]);
      const answers = await deliver(ledger, twins, width * 2);
      const again = await deliver(ledger, twins, width);
      assertNone(breachesOf(await readRecords(ledger)));
      for (const [position, answer] of answers.entries()) assertReplayed(answer, again[position] ?? answer);
    }),
  );
}

/** What was recorded once stays recorded: a retry that comes late gets the first receipt. */
function assertReplayed(first: Result<Receipt, ExecuteError>, late: Result<Receipt, ExecuteError>): void {
  if (first.isErr()) return;
  const expected = { ...first.value, replayed: true };
  assertThat(
    late.isOk() && JSON.stringify(late.value) === JSON.stringify(expected),
    'a retry of a recorded command gets the first receipt again',
  );
}
