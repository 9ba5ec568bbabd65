import { ok, type ResultAsync, safeTry } from 'neverthrow';
import type { OrganizationId } from '../model/id.ts';
import type { SystemLocations } from '../model/location.ts';
import { type Breaches, holdsAgree } from '../rules/audit.ts';
import { BalanceCheck } from './balance-check.ts';
import { checkCensus } from './census-check.ts';
import { checkConfiguration } from './config-check.ts';
import type { StoreFault } from './fault.ts';
import { JournalReader } from './journal-reader.ts';
import { checkLowStock } from './low-stock-check.ts';
import { checkNotes } from './note-check.ts';
import { checkPostings } from './posting-check.ts';
import { checkSeal } from './seal-check.ts';
import type { LedgerStore } from './store.ts';

/** What `verify` looked at, and everything it found wrong. */
export type Verification = Readonly<{
  /** True when no invariant is breached. */
  ok: boolean;
  records: number;
  balances: number;
  breaches: Breaches;
}>;

/**
 * Reads everything that is stored, page by page, and holds the invariants against it: the journal, each record again by
 * its command id, the balances, their postings, the configuration, low-stock rules, and the notes; then it counts rows.
 *
 * What is compared is of one moment, to which the journal is folded, so other writers may go on. No more is held than the
 * fold (balances, configuration and notes) and one page: memory follows what is kept, not the journal. A balance that does not
 * match is named once: its postings are not compared too.
 */
export function verify(
  store: LedgerStore,
  organizationId: OrganizationId,
  system: SystemLocations,
): ResultAsync<Verification, StoreFault> {
  return safeTry(async function* () {
    const journal = new JournalReader(store, organizationId);
    const balances = new BalanceCheck(store, organizationId, journal);
    yield* await balances.readAll();
    const postings = yield* await checkPostings(store, organizationId, journal, key => balances.isWrong(key));
    const isWhole = yield* await journal.readBeyond();
    // A head that is behind has kept records from the fold.
    const config = isWhole ? yield* await checkConfiguration(store, organizationId, journal) : [];
    const notes = isWhole ? yield* await checkNotes(store, organizationId, journal) : [];
    const lowStock = isWhole ? yield* await checkLowStock(store, organizationId, journal) : [];
    const holds = isWhole ? holdsAgree(journal.notes.entries()) : [];
    const rows = [...balances.breaches(), ...postings, ...config, ...lowStock, ...notes, ...holds];
    const breaches = [...journal.breaches, ...rows];
    if (isWhole) breaches.push(...(yield* await checkSeal(store, organizationId, journal)));
    // Where something is wrong that has a name, its rows need not be counted.
    if (breaches.length === 0) breaches.push(...(yield* await checkCensus(store, organizationId, system, journal)));
    return ok({ ok: breaches.length === 0, records: journal.records, balances: balances.rows, breaches });
  });
}
