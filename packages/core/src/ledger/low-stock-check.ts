import { ok, type ResultAsync, safeTry } from 'neverthrow';
import type { OrganizationId } from '../model/id.ts';
import { type Breaches, lowStockAgrees } from '../rules/audit.ts';
import { LowStockFold } from '../rules/low-stock-fold.ts';
import { NO_KEYS } from '../rules/slice.ts';
import type { StoreFault } from './fault.ts';
import type { JournalReader } from './journal-reader.ts';
import { PAGE_LIMIT_MAX } from './query.ts';
import type { LedgerStore } from './store.ts';

// So often rules may be set while they are compared, before what differs is held against the store.
const ATTEMPTS_MAX = 10;

/**
 * Compares the low-stock rules with what the journal makes of them, for 11, `configAgrees`. What differs counts if the
 * version of the configuration was the same before and after: nobody has set a rule meanwhile.
 */
export function checkLowStock(
  store: LedgerStore,
  organizationId: OrganizationId,
  journal: JournalReader,
): ResultAsync<Breaches, StoreFault> {
  const readVersion = () => store.load(organizationId, NO_KEYS, []).map(({ slice }) => slice.configVersion);
  return safeTry(async function* () {
    let before = yield* await readVersion();
    for (let attempt = 1; ; attempt++) {
      const stored = yield* await readRules(store, organizationId);
      yield* await journal.readToEnd();
      const breaches = lowStockAgrees(journal.lowStock, stored);
      if (breaches.length === 0) return ok([]);
      const after = yield* await readVersion();
      if (after === before || attempt === ATTEMPTS_MAX) return ok(breaches);
      before = after;
    }
  });
}

function readRules(store: LedgerStore, organizationId: OrganizationId): ResultAsync<LowStockFold, StoreFault> {
  return safeTry(async function* () {
    const stored = new LowStockFold();
    let cursor: string | undefined;
    do {
      const { items, next } = yield* await store.lowStock({ organizationId, cursor, limit: PAGE_LIMIT_MAX });
      for (const rule of items) stored.set(rule);
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    return ok(stored);
  });
}
