import {
  type BalanceChange,
  type Commit,
  type Committed,
  type ConfigChange,
  isNoRule,
  type LocationId,
  NO_FLOORS,
  type ProductId,
  type StoredRecord,
  storeFault,
  type VariantId,
} from '@stockfold/core';
import { toRecord } from '../codec.ts';
import { notesAsJson } from '../notes.ts';
import { inTransaction, type Session } from './connection.ts';
import { arrayOf } from './row-types.ts';
import { COMMIT_SQL } from './statements.ts';

/** What a transaction of a commit begins with: the default of a server or a role may be another isolation. */
export const READ_COMMITTED = 'begin isolation level read committed';

type Head = { organization: number; sequence: number; recorded_at: number; config_version: number; policy: string };

/** Integers by id, as this transaction sees them. */
type Ids = Readonly<{ variants: Map<VariantId, number>; locations: Map<LocationId, number> }>;

/**
 * One commit in a plain transaction that looks before it writes, in the order of the contract: for engines without
 * PL/pgSQL, and for the exact answer where the function ran into a CHECK. Eleven round trips, more for what is new.
 */
export async function commitInTransaction(session: Session, commit: Commit): Promise<Committed> {
  return inTransaction(session, READ_COMMITTED, async () => {
    const answer = await attempt(session, commit);
    const end = answer.kind === 'committed' ? 'commit' : 'rollback';
    await session.query(end);
    return answer;
  });
}

async function attempt(session: Session, commit: Commit): Promise<Committed> {
  const head = await lockHead(session, commit);
  const { records, known } = await findRecords(session, head, commit);
  if (records.length > 0) return { kind: 'known', records };
  if (commit.configVersion !== head.config_version) return { kind: 'configChanged' };
  const found = await findVariants(session, head, commit);
  if (!commit.balances.every(change => keepsProduct(found, change))) return { kind: 'configChanged' };
  if (!(await areTracked(session, head, commit))) return { kind: 'configChanged' };
  for (const change of commit.config) await applyConfig(session, head, change);
  const ids: Ids = {
    variants: new Map([...found].map(([id, { variant }]) => [id, variant])),
    locations: await findLocations(session, head, commit),
  };
  const before = await readBalances(session, head, commit, ids);
  if (!holds(commit, before) || !(await areAsExpected(session, head, commit))) return { kind: 'stale', before, known };
  await addVariants(session, head, commit, ids);
  const firstSequence = head.sequence + 1;
  const recordedAt = await write(session, head, commit, ids, before);
  return { kind: 'committed', firstSequence, recordedAt, before, known };
}

/** The row of the organization, locked; made when it is not there, and then another writer may have made it first. */
async function lockHead(session: Session, { organizationId, at }: Commit): Promise<Head> {
  for (;;) {
    const [head] = await session.query<Head>(COMMIT_SQL.lockHead, [organizationId]);
    if (head !== undefined) return { ...head };
    await session.query(COMMIT_SQL.insertHead, [organizationId, at, JSON.stringify(NO_FLOORS)]);
  }
}

async function findRecords(
  session: Session,
  { organization }: Head,
  { records, observe }: Commit,
): Promise<{ records: StoredRecord[]; known: StoredRecord[] }> {
  const ids = new Set(records.map(record => record.commandId));
  const rows = await session.query<Parameters<typeof toRecord>[0]>(COMMIT_SQL.records, [
    organization,
    arrayOf([...ids, ...observe]),
  ]);
  const found = rows.map(toRecord);
  return {
    records: found.filter(record => ids.has(record.commandId)),
    known: found.filter(record => !ids.has(record.commandId)),
  };
}

type FoundVariants = ReadonlyMap<VariantId, Readonly<{ variant: number; product_id: ProductId }>>;

async function findVariants(session: Session, { organization }: Head, { balances }: Commit): Promise<FoundVariants> {
  const ids = new Set(balances.map(change => change.key.variantId));
  const rows = await session.query<{ id: VariantId; variant: number; product_id: ProductId }>(COMMIT_SQL.variants, [
    organization,
    arrayOf([...ids]),
  ]);
  return new Map(rows.map(row => [row.id, row]));
}

function keepsProduct(found: FoundVariants, { key, productId }: BalanceChange): boolean {
  return (found.get(key.variantId)?.product_id ?? productId) === productId;
}

async function areTracked(session: Session, { organization }: Head, { assumed }: Commit): Promise<boolean> {
  if (assumed.length === 0) return true;
  return (await session.query(COMMIT_SQL.untracked, [organization, arrayOf(assumed)])).length === 0;
}

async function applyConfig(session: Session, head: Head, change: ConfigChange): Promise<void> {
  switch (change.kind) {
    case 'Location': {
      const { id, type, name, system } = change.location;
      await session.query(COMMIT_SQL.insertLocation, [head.organization, id, type, name, system ? 1 : 0]);
      return;
    }
    case 'Tracking':
      await session.query(COMMIT_SQL.setTracked, [head.organization, change.productId, change.tracked ? 1 : 0]);
      return;
    case 'LowStock': {
      const { variantId, locationId, productId, level, alert } = change.rule;
      const key = [head.organization, variantId, locationId];
      if (isNoRule(change.rule)) await session.query(COMMIT_SQL.deleteLowStock, key);
      else await session.query(COMMIT_SQL.setLowStock, [...key, productId, level, alert ? 1 : 0]);
      return;
    }
    case 'Policy':
      head.policy = JSON.stringify(change.policy);
  }
}

async function findLocations(
  session: Session,
  { organization }: Head,
  { balances }: Commit,
): Promise<Map<LocationId, number>> {
  const ids = new Set(balances.map(change => change.key.locationId));
  const rows = await session.query<{ id: LocationId; location: number }>(COMMIT_SQL.locations, [
    organization,
    arrayOf([...ids]),
  ]);
  return new Map(rows.map(row => [row.id, row.location]));
}

async function readBalances(
  session: Session,
  { organization }: Head,
  { balances }: Commit,
  { variants, locations }: Ids,
): Promise<readonly number[]> {
  const rows = await session.query<{ on_hand: number }>(COMMIT_SQL.balances, [
    organization,
    arrayOf(balances.map(({ key }) => variants.get(key.variantId))),
    arrayOf(balances.map(({ key }) => locations.get(key.locationId))),
  ]);
  return rows.map(row => row.on_hand);
}

/** Whether every guard holds, and every balance stays a safe integer after each record. */
function holds({ balances, postings }: Commit, before: readonly number[]): boolean {
  const kept = balances.every(({ min, max }, index) => {
    const value = before[index] ?? 0;
    return value >= (min ?? value) && value <= (max ?? value);
  });
  return kept && postings.every(({ balance, running }) => Number.isSafeInteger((before[balance] ?? 0) + running));
}

/** Whether every note was written last when the commit expects it. */
async function areAsExpected(session: Session, { organization }: Head, { notes }: Commit): Promise<boolean> {
  if (notes === undefined) return true;
  return (await session.query(COMMIT_SQL.staleNotes, [organization, notesAsJson(notes)])).length === 0;
}

async function writeNotes(session: Session, { organization, sequence }: Head, { notes }: Commit): Promise<void> {
  if (notes === undefined) return;
  await session.query(COMMIT_SQL.setNotes, [organization, sequence + 1, notesAsJson(notes)]);
  for (const { kind, id, write } of notes)
    if (write?.body === null) await session.query(COMMIT_SQL.deleteNote, [organization, kind, id]);
}

/** Variants that move for the first time, and their products. */
async function addVariants(session: Session, head: Head, { balances, postings }: Commit, ids: Ids): Promise<void> {
  const added = new Map<VariantId, ProductId>();
  for (const { balance } of postings) {
    const { key, productId } = balances[balance] as BalanceChange;
    if (!ids.variants.has(key.variantId)) added.set(key.variantId, added.get(key.variantId) ?? productId);
  }
  if (added.size === 0) return;
  await session.query(COMMIT_SQL.insertProducts, [head.organization, arrayOf([...new Set(added.values())])]);
  const rows = await session.query<{ variant: number; id: VariantId }>(COMMIT_SQL.insertVariants, [
    head.organization,
    arrayOf([...added.keys()]),
    arrayOf([...added.values()]),
  ]);
  for (const { id, variant } of rows) ids.variants.set(id, variant);
}

/** Writes balances, records, postings and the head; gives the time of the records. */
async function write(
  session: Session,
  head: Head,
  commit: Commit,
  ids: Ids,
  before: readonly number[],
): Promise<number> {
  const { organization } = head;
  const { records, balances, postings, config } = commit;
  const recordedAt = Math.max(head.recorded_at, commit.at);
  const keyOf = (balance: number) => (balances[balance] as BalanceChange).key;
  const variantsOf = (at: readonly number[]) => arrayOf(at.map(balance => ids.variants.get(keyOf(balance).variantId)));
  const locationsOf = (at: readonly number[]) =>
    arrayOf(at.map(balance => ids.locations.get(keyOf(balance).locationId)));
  const moved = [...new Set(postings.map(posting => posting.balance))];
  const posted = postings.map(posting => posting.balance);
  await session.query(COMMIT_SQL.addToBalances, [
    organization,
    variantsOf(moved),
    locationsOf(moved),
    arrayOf(moved.map(balance => balances[balance]?.delta)),
  ]);
  await session.query(COMMIT_SQL.insertRecords, [
    organization,
    head.sequence + 1,
    recordedAt,
    arrayOf(records.map(record => record.commandId)),
    arrayOf(records.map(record => record.externalUuid)),
    records.map(record => JSON.stringify(record.events)).join('\n'),
  ]);
  await session.query(COMMIT_SQL.insertPostings, [
    organization,
    variantsOf(posted),
    locationsOf(posted),
    arrayOf(postings.map(posting => head.sequence + 1 + posting.record)),
    arrayOf(postings.map(posting => posting.delta)),
    arrayOf(postings.map(posting => (before[posting.balance] ?? 0) + posting.running)),
  ]);
  await writeNotes(session, head, commit);
  const version = head.config_version + (config.length > 0 ? 1 : 0);
  const sequence = head.sequence + records.length;
  await session.query(COMMIT_SQL.updateHead, [organization, sequence, recordedAt, version, head.policy]);
  return recordedAt;
}

/** Refuses a commit with one command id twice, before anything is sent: the ledger never makes one. */
export function refuseTwins({ records }: Commit): void {
  if (new Set(records.map(record => record.commandId)).size < records.length)
    throw storeFault('StoreFailed', 'a commit holds one record per command id');
}
