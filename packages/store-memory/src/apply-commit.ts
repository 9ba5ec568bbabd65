import {
  type BalanceChange,
  type Commit,
  type Committed,
  type ConfigChange,
  isNoRule,
  type LowStockRule,
  type NoteChange,
  type NoteState,
  type StoredRecord,
} from '@stockfold/core';
import type { Books, Cell } from './books.ts';
import { knownRecords } from './read.ts';

/** Looks at everything first and writes only when all of it holds: nothing below the checks can fail. */
export function applyCommit(books: Books, commit: Commit): Committed {
  const records = knownRecords(
    books,
    commit.records.map(record => record.commandId),
  );
  if (records.length > 0) return { kind: 'known', records };
  if (commit.configVersion !== books.configVersion || !commit.balances.every(change => keepsProduct(books, change)))
    return { kind: 'configChanged' };
  if (!commit.assumed.every(productId => books.tracked.has(productId))) return { kind: 'configChanged' };
  const before = commit.balances.map(({ key }) => books.cells.get(key.variantId)?.get(key.locationId)?.onHand ?? 0);
  const known = knownRecords(books, commit.observe);
  const holds =
    commit.balances.every((change, index) => guardHolds(change, before[index] ?? 0)) &&
    (commit.notes ?? []).every(change => isAsExpected(books, change)) &&
    !overflows(commit, before);
  if (!holds) return { kind: 'stale', before, known };
  const firstSequence = books.records.length + 1;
  write(books, commit, before);
  return { kind: 'committed', firstSequence, recordedAt: books.recordedAt, before, known };
}

function keepsProduct(books: Books, { key, productId }: BalanceChange): boolean {
  const settled = books.productOf.get(key.variantId);
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

function write(books: Books, commit: Commit, before: readonly number[]): void {
  const firstSequence = books.records.length + 1;
  books.recordedAt = Math.max(books.recordedAt, commit.at);
  for (const record of commit.records) {
    const stored: StoredRecord = { ...record, sequence: books.records.length + 1, recordedAt: books.recordedAt };
    books.records.push(stored);
    books.sequenceOf.set(record.commandId, stored.sequence);
  }
  for (const posting of commit.postings) {
    const change = commit.balances[posting.balance] as BalanceChange;
    const cell = cellOf(books, change);
    cell.sequences.push(firstSequence + posting.record);
    cell.afters.push((before[posting.balance] ?? 0) + posting.running);
    cell.onHand = cell.afters.at(-1) ?? 0;
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

function cellOf(books: Books, { key, productId }: BalanceChange): Cell {
  let cells = books.cells.get(key.variantId);
  if (cells === undefined) {
    cells = new Map();
    books.cells.set(key.variantId, cells);
    books.productOf.set(key.variantId, productId);
    books.sorted = null;
  }
  let cell = cells.get(key.locationId);
  if (cell === undefined) {
    cell = { onHand: 0, sequences: [], afters: [] };
    cells.set(key.locationId, cell);
  }
  return cell;
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
