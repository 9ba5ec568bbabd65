import {
  type BalanceChange,
  type Commit,
  type Committed,
  type ConfigChange,
  isNoRule,
  type LowStockRule,
  type NoteChange,
  type NoteState,
} from '@stockfold/core';
import type { Books } from './books.ts';

/** Looks at everything first and writes only when all of it holds: nothing below the checks can fail. */
export function applyCommit(books: Books, commit: Commit): Committed {
  const { journal, balances } = books;
  const records = journal.find(commit.records.map(record => record.commandId));
  if (records.length > 0) return { kind: 'known', records };
  if (commit.configVersion !== books.configVersion || !commit.balances.every(change => keepsProduct(books, change)))
    return { kind: 'configChanged' };
  if (!commit.assumed.every(productId => books.tracked.has(productId))) return { kind: 'configChanged' };
  const rows = commit.balances.map(({ key }) => balances.find(key));
  const before = rows.map(row => balances.onHand(row));
  const known = journal.find(commit.observe);
  const holds =
    commit.balances.every((change, index) => guardHolds(change, before[index] ?? 0)) &&
    (commit.notes ?? []).every(change => isAsExpected(books, change)) &&
    !overflows(commit, before);
  if (!holds) return { kind: 'stale', before, known };
  const firstSequence = journal.length + 1;
  write(books, commit, rows, before);
  return { kind: 'committed', firstSequence, recordedAt: books.recordedAt, before, known };
}

function keepsProduct({ balances }: Books, { key, productId }: BalanceChange): boolean {
  const settled = balances.productOf(key.variantId);
  return settled === undefined || settled === productId;
}

function guardHolds({ min, max }: BalanceChange, before: number): boolean {
  return before >= (min ?? before) && before <= (max ?? before);
}

function isAsExpected({ notes }: Books, { kind, id, ifSequence }: NoteChange): boolean {
  return ifSequence === undefined || ifSequence === (notes.get(kind)?.get(id)?.sequence ?? 0);
}

/** Whether a balance would leave the safe integers at any sequence of the commit. */
function overflows({ postings }: Commit, before: readonly number[]): boolean {
  return postings.some(({ balance, running }) => !Number.isSafeInteger((before[balance] ?? 0) + running));
}

/** @param rows - Of each balance of the commit; those that it opens are written in. */
function write(books: Books, commit: Commit, rows: number[], before: readonly number[]): void {
  const { journal, balances } = books;
  const firstSequence = journal.length + 1;
  books.recordedAt = Math.max(books.recordedAt, commit.at);
  for (const record of commit.records) journal.push(record, books.recordedAt);
  for (const { record, balance, running } of commit.postings) {
    const row = rows[balance] as number;
    const sequence = firstSequence + record;
    const after = (before[balance] ?? 0) + running;
    const { key, productId } = commit.balances[balance] as BalanceChange;
    if (row < 0) rows[balance] = balances.open(key, productId, sequence, after);
    else balances.post(row, sequence, after);
  }
  for (const change of commit.notes ?? []) writeNote(books, change, firstSequence);
  for (const change of commit.config) applyConfig(books, change);
  if (commit.config.length > 0) books.configVersion += 1;
}

function writeNote({ notes }: Books, { kind, id, write: written }: NoteChange, firstSequence: number): void {
  if (written === undefined) return;
  const ofKind = notes.get(kind) ?? new Map<string, NoteState>();
  notes.set(kind, ofKind);
  if (written.body === null) ofKind.delete(id);
  else ofKind.set(id, { body: written.body, sequence: firstSequence + written.record });
}

function applyConfig(books: Books, change: ConfigChange): void {
  switch (change.kind) {
    case 'Location':
      books.locations.set(change.location.id, change.location);
      return;
    case 'Policy':
      books.policy = change.policy;
      return;
    case 'LowStock':
      setLowStock(books, change.rule);
      return;
    case 'Tracking':
      if (change.tracked) books.tracked.add(change.productId);
      else books.tracked.delete(change.productId);
  }
}

function setLowStock({ lowStock }: Books, rule: LowStockRule): void {
  const rules = lowStock.get(rule.variantId) ?? new Map<LowStockRule['locationId'], LowStockRule>();
  if (isNoRule(rule)) rules.delete(rule.locationId);
  else rules.set(rule.locationId, rule);
  if (rules.size > 0) lowStock.set(rule.variantId, rules);
  else lowStock.delete(rule.variantId);
}
