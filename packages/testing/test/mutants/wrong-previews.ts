import { createLedger, type Ledger } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import type { OpenLedger } from '../../src/index.ts';

/** A ledger whose previews are made of those that are right. */
function previewing(wrong: (ledger: Ledger) => Ledger['preview']): OpenLedger {
  return options => {
    const ledger = createLedger({ store: createMemoryStore(), ...options });
    return { ...ledger, preview: wrong(ledger) };
  };
}

/** Leaves out the reason that would be the answer. */
export const withoutTheFirst: OpenLedger = previewing(
  ({ preview }) =>
    command =>
      preview(command).map(made =>
        made.kind === 'WouldRefuse' && made.reasons.length > 1 ? { ...made, reasons: made.reasons.slice(1) } : made,
      ),
);

/** Stops at the first reason. */
export const withOne: OpenLedger = previewing(
  ({ preview }) =>
    command =>
      preview(command).map(made =>
        made.kind === 'WouldRefuse' ? { ...made, reasons: made.reasons.slice(0, 1) } : made,
      ),
);

/** Looks at no floor. */
export const withoutFloors: OpenLedger = previewing(
  ({ preview }) =>
    command =>
      preview(
        command.kind === 'RecordMovements' ? { ...command, override: { floors: true, reason: 'a preview' } } : command,
      ),
);

/** Tries it out in earnest. */
export const byRecording: OpenLedger = previewing(({ preview, execute }) => command => {
  const made = preview(command);
  return execute(command)
    .orElse(() => made)
    .andThen(() => made);
});

/** Takes no notice of the id. */
export const underNewIds: OpenLedger = previewing(
  ({ preview, newId }) =>
    command =>
      preview({ ...command, id: newId() }),
);
