import { Fold, type Ledger, linesOf, matchesJournal, type RecordMovementsInput } from '@stockfold/core';
import fc from 'fast-check';
import { commands } from '../arbitraries/commands.ts';
import { scarceStock } from '../arbitraries/scarce-stock.ts';
import { deliver } from './deliver.ts';
import { assertNone, assertThat, type Law, type OpenLedger, onLedger } from './law.ts';
import { type LedgerView, readLedger } from './read-ledger.ts';

/**
 * A command is recorded with all its lines or not at all: for any commands one after the other, each answer is
 * compared with what has changed; for any commands at once, no half of one is left behind.
 */
export function allOrNothing(open: OpenLedger): Law {
  return fc.asyncProperty(day, ({ world: { organizationId }, policy, commands, sales }) =>
    onLedger(open, { organizationId, policy }, async ledger => {
      for (const command of commands) await executeWatched(ledger, command);
      await deliver(ledger, sales, sales.length || 1);
      const { records, balances } = await readLedger(ledger);
      assertNone(matchesJournal(records, balances));
    }),
  );
}

const day = fc.oneof(
  commands.map(run => ({ ...run, policy: undefined, sales: [] as readonly RecordMovementsInput[] })),
  scarceStock.map(({ world, policy, stocking, sales }) => {
    const half = sales.length >> 1;
    return { world, policy, commands: [stocking, ...sales.slice(0, half)], sales: sales.slice(half) };
  }),
);

async function executeWatched(ledger: Ledger, command: RecordMovementsInput): Promise<void> {
  const before = await readLedger(ledger);
  const answer = await ledger.execute(command);
  const after = await readLedger(ledger);
  const isRecorded = after.records.length > before.records.length;
  if (answer.isOk()) assertThat(isRecorded, 'a command that got a receipt is in the journal');
  // A connection that died at the commit leaves open which of the two it was, but never something in between.
  else if (answer.error.kind !== 'OutcomeUnknown') assertThat(!isRecorded, 'a refused command is not in the journal');
  assertMoved(before, after, isRecorded ? command : null);
}

/** The balances have moved by the lines of the command: by all of them, or by none when there is no command. */
function assertMoved(before: LedgerView, after: LedgerView, command: RecordMovementsInput | null): void {
  const record = after.records.at(-1);
  const lines = command === null || record === undefined ? [] : linesOf(record);
  assertThat(
    command === null || lines.length === (command.lines ?? []).length,
    'a record has all lines of its command',
  );
  const expected = new Fold().add(lines);
  for (const { variantId, locationId, onHand } of before.balances) {
    const row = expected.onHand.get(variantId) ?? new Map();
    expected.onHand.set(variantId, row.set(locationId, (row.get(locationId) ?? 0) + onHand));
  }
  const wanted = new Map([...expected.entries()].map(row => [`${row.variantId} ${row.locationId}`, row.onHand]));
  for (const { variantId, locationId, onHand } of after.balances) {
    assertThat((wanted.get(`${variantId} ${locationId}`) ?? 0) === onHand, 'a balance moved by exactly its lines');
    wanted.delete(`${variantId} ${locationId}`);
  }
  assertThat(
    [...wanted.values()].every(onHand => onHand === 0),
    'no balance is missing',
  );
}
