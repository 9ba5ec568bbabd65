import { ok, type ResultAsync, safeTry } from 'neverthrow';
import type { OrganizationId } from '../model/id.ts';
import { SEAL } from '../model/seal.ts';
import { type Breaches, sealHolds } from '../rules/audit.ts';
import type { StoreFault } from './fault.ts';
import { digestJournal } from './journal-digest.ts';
import type { JournalReader } from './journal-reader.ts';
import type { LedgerStore } from './store.ts';

/** Hashes a journal that was sealed once more, up to its last seal: 14, `sealHolds`. The journal is read a second time for it. */
export function checkSeal(
  store: LedgerStore,
  organizationId: OrganizationId,
  journal: JournalReader,
): ResultAsync<Breaches, StoreFault> {
  return safeTry(async function* () {
    const seal = journal.notes.get(SEAL)?.body as Readonly<{ through: number; digest: string }> | undefined;
    if (seal === undefined) return ok([]);
    const { through, digest: sealed } = seal;
    const { digest } = yield* digestJournal((after, limit) => store.journal({ organizationId, after, limit }), through);
    return ok(sealHolds(through, sealed, digest));
  });
}
