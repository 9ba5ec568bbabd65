import { createLedger, type LedgerStore, type StoredRecord } from '@stockfold/core';
import { type Call, checkHistory, type HistoryFlaw } from '@stockfold/testing';
import { expect } from 'vitest';

const PAGE = 1_000;

/** The whole journal, in order. */
export async function readJournal(store: LedgerStore): Promise<readonly StoredRecord[]> {
  const ledger = createLedger({ store });
  const records: StoredRecord[] = [];
  for (let after = 0; ; after = records.length) {
    const { items, next } = (await ledger.journal({ after, limit: PAGE }))._unsafeUnwrap();
    records.push(...items);
    if (next === null) return records;
  }
}

/** What is wrong with all that was told, held against what is stored. */
export async function flawsOf(store: LedgerStore, calls: readonly Call[]): Promise<readonly HistoryFlaw[]> {
  return checkHistory(await readJournal(store), calls);
}

/**
 * Holds that everything acknowledged is in the journal once, at its place, with its content; that nothing was oversold;
 * that all who asked were told the truth of some moment; and that the stored balances are the fold of the journal.
 */
export async function expectExact(store: LedgerStore, calls: readonly Call[]): Promise<void> {
  expect((await flawsOf(store, calls)).slice(0, 3)).toEqual([]);
  expect((await createLedger({ store }).verify())._unsafeUnwrap()).toMatchObject({ ok: true, breaches: [] });
}

/** How many attempts came to what, to hold against what a test means to have shown. */
export function countCalls(
  calls: readonly Call[],
): Readonly<Record<'recorded' | 'replayed' | 'short' | 'unknown' | 'read', number>> {
  const counts = { recorded: 0, replayed: 0, short: 0, unknown: 0, read: 0 };
  for (const call of calls) {
    if (call.kind === 'read') counts.read += 1;
    else counts[call.answer.kind] += 1;
    if (call.kind === 'execute' && call.answer.kind === 'recorded' && call.answer.replayed) counts.replayed += 1;
  }
  return counts;
}

/** Prints what a long run came to. */
export function say(what: string, calls: readonly Call[]): void {
  if (process.env.STOCKFOLD_ROUNDS === 'long') console.info(`${what}: ${JSON.stringify(countCalls(calls))}`);
}
