import type { CommandInput, Ledger } from '@stockfold/core';
import fc from 'fast-check';
import { createReferenceModel } from '../reference-model.ts';
import { assertEqual } from '../store-suite/assert.ts';
import { type Law, type OpenLedger, onLedger } from './law.ts';
import { history } from './stores-agree.ts';

/**
 * For any history, a preview says what the ledger then does, and records nothing: the record and its balances, the
 * receipt of a replay, or the very rejection. Further reasons are those of the reference model.
 */
export function previewsAgree(open: OpenLedger): Law {
  return fc.asyncProperty(history, ({ world, policy, commands }) =>
    onLedger(open, { organizationId: world.organizationId, policy }, async ledger => {
      const model = createReferenceModel({ locations: world.locations, policy, now: 0 });
      for (const command of commands) {
        await looksAtOne(ledger, command, model.reasons(command));
        model.apply(command);
      }
    }),
  );
}

async function looksAtOne(ledger: Ledger, command: CommandInput, expected: readonly string[]): Promise<void> {
  const headOf = async () => (await ledger.journal({ limit: 1 }))._unsafeUnwrap().asOf;
  const head = await headOf();
  const preview = (await ledger.preview(command))._unsafeUnwrap();
  assertEqual(await headOf(), head, 'the head of the journal after a preview');
  const reasons = preview.kind === 'WouldRefuse' ? preview.reasons : [];
  assertEqual(
    reasons.map(({ kind }) => kind),
    expected,
    'the reasons',
  );
  const done = await ledger.execute(command);
  if (preview.kind === 'WouldRefuse') {
    assertEqual(timeless(done._unsafeUnwrapErr()), timeless(reasons[0]), 'the rejection');
    return;
  }
  const receipt = done._unsafeUnwrap();
  assertEqual(receipt.replayed, preview.kind === 'WouldReplay', 'whether it was replayed');
  if (preview.kind === 'WouldReplay') {
    assertEqual(receipt, preview.receipt, 'the receipt');
    return;
  }
  const [record] = (await ledger.records({ commandIds: [command.id] }))._unsafeUnwrap();
  const { sequence, recordedAt } = receipt;
  assertEqual(record, { ...preview.record, sequence, recordedAt }, 'the record');
  for (const { variantId, locationId, before, onHand } of preview.balances) {
    const at = async (asOf: number) => (await ledger.balanceAt({ variantId, locationId, asOf }))._unsafeUnwrap().onHand;
    assertEqual([await at(head), await at(sequence)], [before, onHand], 'a balance before and after');
  }
}

/** The clock has gone on in between. */
function timeless(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'now' in error ? { ...error, now: null } : error;
}
