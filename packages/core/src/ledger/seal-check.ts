import { ok, type ResultAsync, safeTry } from 'neverthrow';
import type { OrganizationId } from '../model/id.ts';
import { SEAL } from '../model/seal.ts';
import { type Breaches, sealHolds } from '../rules/audit.ts';
import type { StoreFault } from './fault.ts';
import { digestJournal, readDigest } from './journal-digest.ts';
import type { JournalReader } from './journal-reader.ts';
import type { LedgerStore } from './store.ts';

/** Hashes a journal that was sealed once more, up to its last seal: 14, `sealHolds`. The journal is read a second time for it. */
export function checkSeal(
  store: LedgerStore,
  organizationId: OrganizationId,
  journal: JournalReader,
): ResultAsync<Breaches, StoreFault> {
  return safeTry(async function* () {
    const note = journal.notes.get(SEAL);
    if (note === undefined) return ok([]);
    const seal = readDigest(note);
    const through = seal?.through ?? note.sequence - 1;
    const { digest } = yield* await digestJournal(
      (after, limit) => store.journal({ organizationId, after, limit }),
      through,
    );
    return ok(sealHolds(through, seal?.digest ?? NO_SEAL, digest));
  });
}

// No digest: a note in the place of the seal holds nothing.
const NO_SEAL = 'none';
