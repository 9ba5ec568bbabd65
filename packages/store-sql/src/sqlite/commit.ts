import {
  type BalanceChange,
  type CommandId,
  type Commit,
  type Committed,
  type ConfigChange,
  isNoRule,
  type LowStockRule,
  NO_FLOORS,
  type StoredRecord,
  storeFault,
} from '@stockfold/core';
import { toRecord, uuidToBytes } from '../codec.ts';
import type { Connection } from './connection.ts';
import { isOverflow, isTaken, toStoreFault } from './fault.ts';
import { Interned, type Memory } from './interned.ts';
import { rollBack } from './roll-back.ts';
import type { Statements } from './statements.ts';
import { writeNotes } from './write-notes.ts';

/** The organization as this commit leaves it, but for its configuration. */
type Head = Readonly<{ organization: number; firstSequence: number; recordedAt: number; configVersion: number }>;

/** What the body of a transaction comes to: an answer to roll back on, or to commit with, and what to remember then. */
type Attempt = Readonly<{ answer: Committed; interned: Interned | null }>;

/**
 * One commit in one transaction, in one synchronous burst. BEGIN IMMEDIATE takes the write lock before anything is
 * read, so what is read here is as it will be at COMMIT. Throws a `StoreFault`.
 */
export function commitInTransaction(connection: Connection, commit: Commit): Committed {
  const { db, statements, memory } = connection;
  let committing = false;
  try {
    statements.begin.run();
    const { answer, interned } = attempt(statements, commit, memory);
    if (answer.kind === 'committed') connection.expectInPlace();
    committing = answer.kind === 'committed';
    if (committing) statements.commit.run();
    else db.exec('rollback');
    interned?.remember();
    return answer;
  } catch (error) {
    rollBack(db);
    throw toStoreFault(error, committing);
  }
}

/** Writes as it goes along, so that nothing is looked up to be written afterwards: a refusal rolls it back. */
function attempt(statements: Statements, commit: Commit, memory: Memory): Attempt {
  const ids = commit.records.map(record => record.commandId);
  if (new Set(ids).size < ids.length) throw storeFault('StoreFailed', 'a commit holds one record per command id');
  const head = moveHead(statements, commit);
  const { organization } = head;
  if (!insertRecords(statements, head, commit))
    return refuse({ kind: 'known', records: earlier(head, findRecords(statements, organization, ids)) });
  if (commit.configVersion !== head.configVersion) return refuse({ kind: 'configChanged' });
  const known = findRecords(statements, organization, commit.observe);
  const ground = openGround(statements, head, memory);
  if (!commit.balances.every(change => keepsProduct(ground, change))) return refuse({ kind: 'configChanged' });
  if (!commit.assumed.every(id => statements.product.get(organization, id)?.tracked === 1))
    return refuse({ kind: 'configChanged' });
  for (const change of commit.config) applyConfig(ground, change);
  if (commit.config.length > 0) statements.raiseVersion.run(organization);
  const { held, before } = moveBalances(ground, commit);
  if (!held || !writeNotes(statements, head, commit.notes)) return refuse({ kind: 'stale', before, known });
  insertPostings(ground, commit, before);
  const { firstSequence, recordedAt } = head;
  return { answer: { kind: 'committed', firstSequence, recordedAt, before, known }, interned: ground.interned };
}

/** Without those that this commit has just inserted. */
function earlier({ firstSequence }: Head, records: readonly StoredRecord[]): readonly StoredRecord[] {
  return records.filter(record => record.sequence < firstSequence);
}

function refuse(answer: Committed): Attempt {
  return { answer, interned: null };
}

/** What the steps of one transaction work on. */
type Ground = Readonly<{ statements: Statements; interned: Interned; head: Head }>;

function openGround(statements: Statements, head: Head, memory: Memory): Ground {
  const remembered = memory.get(head.organization) ?? { locations: new Map(), variants: new Map() };
  memory.set(head.organization, remembered);
  return { statements, head, interned: new Interned(head.organization, statements, remembered) };
}

function moveHead(statements: Statements, { organizationId, at, records }: Commit): Head {
  const count = records.length;
  const moved =
    statements.moveHead.get(count, at, organizationId) ??
    statements.insertHead.get(organizationId, count, at, 0, JSON.stringify(NO_FLOORS));
  const [organization, sequence, recordedAt, configVersion] = moved as NonNullable<typeof moved>;
  return { organization, firstSequence: sequence - count + 1, recordedAt, configVersion };
}

/** False when one of the commands is in the journal already. */
function insertRecords(
  statements: Statements,
  { organization, firstSequence, recordedAt }: Head,
  commit: Commit,
): boolean {
  try {
    for (const [index, { commandId, externalUuid, events }] of commit.records.entries()) {
      const id = uuidToBytes(commandId);
      const body = JSON.stringify(events);
      statements.insertRecord.run(organization, firstSequence + index, id, recordedAt, externalUuid, body);
    }
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** The records of those commands that are in the journal. */
export function findRecords(
  statements: Statements,
  organization: number | undefined,
  ids: readonly CommandId[],
): readonly StoredRecord[] {
  if (organization === undefined) return [];
  return ids.flatMap(id => {
    const row = statements.recordOfCommand.get(organization, uuidToBytes(id));
    return row === undefined ? [] : [toRecord(row)];
  });
}

function keepsProduct({ interned }: Ground, { key, productId }: BalanceChange): boolean {
  const variant = interned.variant(key.variantId);
  return variant === undefined || variant.productId === productId;
}

function applyConfig({ statements, interned, head }: Ground, change: ConfigChange): void {
  switch (change.kind) {
    case 'Location':
      interned.addLocation(change.location);
      return;
    case 'Policy':
      statements.setPolicy.run(JSON.stringify(change.policy), head.organization);
      return;
    case 'LowStock':
      setLowStock(statements, head, change.rule);
      return;
    case 'Tracking':
      statements.setTracked.run(change.tracked ? 1 : 0, head.organization, interned.product(change.productId));
  }
}

function setLowStock(
  { setLowStock: set, deleteLowStock }: Statements,
  { organization }: Head,
  rule: LowStockRule,
): void {
  const { variantId, locationId, productId, level, alert } = rule;
  if (isNoRule(rule)) deleteLowStock.run(organization, variantId, locationId);
  else set.run(organization, variantId, locationId, productId, level, alert ? 1 : 0);
}

/**
 * Adds every delta and holds the guards against what the same statements give back: one statement a key. When one
 * does not hold, the rest is still read, since the answer carries every balance.
 */
function moveBalances(ground: Ground, { balances, postings }: Commit): { held: boolean; before: readonly number[] } {
  let held = true;
  // Records that undo each other add up to 0 and have moved the balance all the same.
  const posted = new Set(postings.map(posting => posting.balance));
  const before = balances.map((change, index) => {
    const moved = posted.has(index) ? moveBalance(ground, change) : readBalance(ground, change);
    const value = moved ?? readBalance(ground, change);
    held &&= moved !== null && value >= (change.min ?? value) && value <= (change.max ?? value);
    return value;
  });
  held &&= postings.every(({ balance, running }) => Number.isSafeInteger((before[balance] ?? 0) + running));
  return { held, before };
}

/** Adds a delta and gives the balance before it; null, with nothing added, when it would leave the safe integers. */
function moveBalance({ statements, interned, head }: Ground, { key, productId, delta }: BalanceChange): number | null {
  const location = interned.location(key.locationId);
  if (location === undefined) throw new Error('a commit moves stock at a location that is open');
  const { variant } = interned.variant(key.variantId) ?? interned.addVariant(key.variantId, productId);
  try {
    const [onHand] = statements.addToBalance.get(head.organization, variant, location, delta) as readonly [number];
    return onHand - delta;
  } catch (error) {
    // The statement alone was undone: the transaction goes on.
    if (isOverflow(error)) return null;
    throw error;
  }
}

function readBalance({ statements, interned, head }: Ground, { key }: BalanceChange): number {
  const location = interned.location(key.locationId);
  const variant = interned.variant(key.variantId)?.variant;
  if (location === undefined || variant === undefined) return 0;
  return statements.balance.get(head.organization, variant, location)?.on_hand ?? 0;
}

function insertPostings({ statements, interned, head }: Ground, commit: Commit, before: readonly number[]): void {
  for (const { record, balance, delta, running } of commit.postings) {
    const { key } = commit.balances[balance] as BalanceChange;
    const variant = interned.variant(key.variantId)?.variant ?? null;
    const location = interned.location(key.locationId) ?? null;
    const after = (before[balance] ?? 0) + running;
    statements.insertPosting.run(head.organization, variant, location, head.firstSequence + record, delta, after);
  }
}
