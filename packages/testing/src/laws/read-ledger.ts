import type { Balance, Ledger, Note, Page, StoredRecord } from '@stockfold/core';
import type { ResultAsync } from 'neverthrow';
import { NOTE_KINDS } from '../arbitraries/noting.ts';

/** Everything that an organization's ledger shows. */
export type LedgerView = Readonly<{ records: readonly StoredRecord[]; balances: readonly Balance[] }>;

// Small, so that what a law reads has gone through several pages.
const PAGE = 5;

/** Reads the whole journal and all balances, page by page. Throws when a read fails. */
export async function readLedger(ledger: Ledger): Promise<LedgerView> {
  return { records: await readRecords(ledger), balances: await readBalances(ledger) };
}

/** Reads the whole journal. */
export async function readRecords(ledger: Ledger): Promise<readonly StoredRecord[]> {
  return readPages(cursor => ledger.journal({ cursor, limit: PAGE }));
}

/** Reads all balances, now or as of a sequence. */
export async function readBalances(ledger: Ledger, asOf?: number): Promise<readonly Balance[]> {
  return readPages(cursor => ledger.balances({ asOf, cursor, limit: PAGE }));
}

/** Reads all notes of the kinds that are drawn, by kind and id. */
export async function readNotes(ledger: Ledger): Promise<readonly Note[]> {
  const kinds = NOTE_KINDS.toSorted();
  return (await Promise.all(kinds.map(kind => readPages(cursor => ledger.notes({ kind, cursor, limit: 1 }))))).flat();
}

async function readPages<T, E extends { kind: string }>(
  read: (cursor: string | undefined) => ResultAsync<Page<T>, E>,
): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    if (page.isErr()) throw new Error(`a read failed: ${page.error.kind}`);
    items.push(...page.value.items);
    cursor = page.value.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
