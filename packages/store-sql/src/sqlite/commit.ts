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
import { isOverflow, toStoreFault } from './fault.ts';
import { Interned, type Memory } from './interned.ts';
import { rollBack } from './roll-back.ts';
import type { Statements } from './statements.ts';

type Head = { organization: number; sequence: number; recorded_at: number; config_version: number; policy: string };

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
    db.exec('begin immediate');
    const { answer, interned } = attempt(statements, commit, memory);
    if (answer.kind === 'committed') connection.expectInPlace();
    committing = answer.kind === 'committed';
    db.exec(committing ? 'commit' : 'rollback');
    interned?.remember();
    return answer;
  } catch (error) {
    rollBack(db);
    throw toStoreFault(error, committing);
  }
}

function attempt(statements: Statements, commit: Commit, memory: Memory): Attempt {
  const ids = commit.records.map(record => record.commandId);
  if (new Set(ids).size < ids.length) throw storeFault('StoreFailed', 'a commit holds one record per command id');
  const head = statements.head.get(commit.organizationId);
  const records = findRecords(statements, head?.organization, ids);
  if (records.length > 0) return refuse({ kind: 'known', records });
  if (commit.configVersion !== (head?.config_version ?? 0)) return refuse({ kind: 'configChanged' });
  const known = findRecords(statements, head?.organization, commit.observe);
  const ground = openGround(statements, head ?? openHead(statements, commit), memory);
  if (!commit.balances.every(change => keepsProduct(ground, change))) return refuse({ kind: 'configChanged' });
  for (const change of commit.config) applyConfig(ground, change);
  const { held, before } = moveBalances(ground, commit);
  if (!held) return refuse({ kind: 'stale', before, known });
  return { answer: { ...write(ground, commit, before), before, known }, interned: ground.interned };
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

function openHead(statements: Statements, commit: Commit): Head {
  const head = { sequence: 0, recorded_at: commit.at, config_version: 0, policy: JSON.stringify(NO_FLOORS) };
  const row = statements.insertHead.get(commit.organizationId, 0, head.recorded_at, 0, head.policy);
  return { organization: Number(row?.organization), ...head };
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
      head.policy = JSON.stringify(change.policy);
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
    return Number(statements.addToBalance.get(head.organization, variant, location, delta)?.on_hand) - delta;
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

/** Writes records, postings and the head. */
function write(
  { statements, interned, head }: Ground,
  commit: Commit,
  before: readonly number[],
): Readonly<{ kind: 'committed'; firstSequence: number; recordedAt: number }> {
  const { organization } = head;
  const firstSequence = head.sequence + 1;
  const recordedAt = Math.max(head.recorded_at, commit.at);
  for (const [index, { commandId, externalUuid, events }] of commit.records.entries()) {
    const id = uuidToBytes(commandId);
    const body = JSON.stringify(events);
    statements.insertRecord.run(organization, firstSequence + index, id, recordedAt, externalUuid, body);
  }
  for (const { record, balance, delta, running } of commit.postings) {
    const { key } = commit.balances[balance] as BalanceChange;
    const variant = interned.variant(key.variantId)?.variant ?? null;
    const location = interned.location(key.locationId) ?? null;
    const after = (before[balance] ?? 0) + running;
    statements.insertPosting.run(organization, variant, location, firstSequence + record, delta, after);
  }
  const version = head.config_version + (commit.config.length > 0 ? 1 : 0);
  statements.updateHead.run(head.sequence + commit.records.length, recordedAt, version, head.policy, organization);
  return { kind: 'committed', firstSequence, recordedAt };
}
