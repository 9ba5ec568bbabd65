import type { Preview, Rejection } from '@stockfold/core';
import * as v from 'valibot';
import { journalRecord, previewedBalance, receipt } from './answer.ts';
import { fromWireError, isFaultKind, toWireError } from './error.ts';

/** A preview as it goes over the wire. */
export function toWirePreview(preview: Preview): object {
  return preview.kind === 'WouldRefuse' ? { ...preview, reasons: preview.reasons.map(toWireError) } : preview;
}

const reason = v.pipe(
  v.unknown(),
  v.transform(fromWireError),
  v.check(error => error !== null && !isFaultKind(error.kind)),
);

/** Reads what {@link toWirePreview} wrote. */
export const preview: v.GenericSchema<unknown, Preview> = v.variant('kind', [
  v.object({ kind: v.literal('WouldRecord'), record: journalRecord, balances: v.array(previewedBalance) }),
  v.object({ kind: v.literal('WouldReplay'), receipt }),
  v.object({
    kind: v.literal('WouldRefuse'),
    reasons: v.pipe(v.array(reason as v.GenericSchema<unknown, Rejection>), v.minLength(1)),
  }),
]);
