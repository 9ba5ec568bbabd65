import { type CommandInput, Fold, type Ledger, onHandOf, type Preview, type StoredRecord } from '@stockfold/core';
import fc from 'fast-check';
import { createReferenceModel } from '../reference-model.ts';
import { assertEqual } from '../store-suite/assert.ts';
import { type Law, type OpenLedger, onLedger } from './law.ts';
import { readRecords } from './read-ledger.ts';
import { history } from './stores-agree.ts';

type WouldRecord = Extract<Preview, { kind: 'WouldRecord' }>;

/**
 * For any history, a preview says what the ledger then does, and records nothing: the record and its balances, the
 * receipt of a replay, or the very rejection. Further reasons are those of the reference model.
 */
export function previewsAgree(open: OpenLedger): Law {
  return fc.asyncProperty(history, ({ world, policy, commands }) =>
    onLedger(open, { organizationId: world.organizationId, policy }, async ledger => {
      const model = createReferenceModel({ locations: world.locations, policy, now: 0 });
      const previewed: WouldRecord[] = [];
      for (const command of commands) {
        const preview = await previewOf(ledger, command, model.reasons(command));
        if (preview.kind === 'WouldRecord') previewed.push(preview);
        model.apply(command);
      }
      matchRecords(previewed, await readRecords(ledger));
    }),
  );
}

/** Looks at a command, and then sends it. */
async function previewOf(ledger: Ledger, command: CommandInput, expected: readonly string[]): Promise<Preview> {
  const preview = (await ledger.preview(command))._unsafeUnwrap();
  const reasons = preview.kind === 'WouldRefuse' ? preview.reasons : [];
  assertEqual(
    reasons.map(({ kind }) => kind),
    expected,
    'the reasons',
  );
  const done = await ledger.execute(command);
  if (preview.kind === 'WouldRefuse')
    assertEqual(timeless(done._unsafeUnwrapErr()), timeless(reasons[0]), 'the refusal');
  else if (preview.kind === 'WouldReplay') assertEqual(done._unsafeUnwrap(), preview.receipt, 'the receipt');
  else assertEqual(done._unsafeUnwrap().replayed, false, 'replayed');
  return preview;
}

/** Nothing but what was previewed was recorded, in its order, and each balance was as it was said. */
function matchRecords(previewed: readonly WouldRecord[], records: readonly StoredRecord[]): void {
  assertEqual(
    records.map(({ sequence: _, recordedAt: __, ...content }) => content),
    previewed.map(({ record }) => record),
    'the records',
  );
  const fold = new Fold();
  for (const { record, balances } of previewed) {
    const before = balances.map(key => onHandOf(fold.onHand, key));
    fold.addRecord(record);
    const after = balances.map(key => onHandOf(fold.onHand, key));
    assertEqual(
      [balances.map(balance => balance.before), balances.map(({ onHand }) => onHand)],
      [before, after],
      'balances',
    );
  }
}

/** The clock has gone on in between. */
function timeless(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'now' in error ? { ...error, now: null } : error;
}
