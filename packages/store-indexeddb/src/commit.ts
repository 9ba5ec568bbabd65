import {
  type BalanceChange,
  type CommandId,
  type Commit,
  type Committed,
  NO_FLOORS,
  type OrganizationId,
  type StoredRecord,
  storeFault,
  type VariantId,
} from '@stockfold/core';
import { getNote } from './fetch-notes.ts';
import { findRecords } from './records.ts';
import type { RememberedVariants } from './remembered-variants.ts';
import type { HeadRow, ProductRow, VariantRow } from './schema.ts';
import type { Open } from './transaction.ts';
import { onHandIn } from './variant-row.ts';
import { type BeforeWrite, type Ground, type Written, writeCommit } from './write-commit.ts';

/** What a commit has come to within its transaction; `written` is null when nothing was. */
export type Attempt = Readonly<{ answer: Committed; ground: Ground; written: Written | null }>;

/**
 * One commit within its transaction: a burst that reads, the checks, a burst that writes. The transactions of all tabs
 * that write to the same stores run one after another, so what is read here is as it will be at the end.
 */
export async function commitIn(
  open: Open,
  commit: Commit,
  remembered: RememberedVariants,
  beforeWrite: BeforeWrite,
): Promise<Attempt> {
  const ids = commit.records.map(record => record.commandId);
  if (new Set(ids).size < ids.length) throw storeFault('StoreFailed', 'a commit holds one record per command id');
  const { ground, records, known, isTracked, isAsExpected } = await readGround(open, commit, ids, remembered);
  const refuse = (answer: Committed): Attempt => ({ answer, ground, written: null });
  if (records.length > 0) return refuse({ kind: 'known', records });
  const keepsProduct = ({ key, productId }: BalanceChange) =>
    (ground.rows.get(key.variantId)?.productId ?? productId) === productId;
  if (commit.configVersion !== ground.head.configVersion || !commit.balances.every(keepsProduct) || !isTracked)
    return refuse({ kind: 'configChanged' });
  const before = commit.balances.map(({ key }) => balanceOf(ground, key));
  const holds = isAsExpected && commit.balances.every((change, index) => guardHolds(change, before[index] ?? 0));
  if (!holds || overflows(commit, before)) return refuse({ kind: 'stale', before, known });
  const written = writeCommit(open, commit, ground, before, beforeWrite);
  const { sequence, recordedAt } = written.head;
  const firstSequence = sequence - commit.records.length + 1;
  return { answer: { kind: 'committed', firstSequence, recordedAt, before, known }, ground, written };
}

/** The head of an organization in which nothing was ever recorded. */
export function emptyHead(organizationId: OrganizationId): HeadRow {
  const recordedAt = Number.NEGATIVE_INFINITY;
  return { organizationId, sequence: 0, recordedAt, configVersion: 0, policy: NO_FLOORS, opened: 0 };
}

type Read = Readonly<{
  ground: Ground;
  records: readonly StoredRecord[];
  known: readonly StoredRecord[];
  /** Whether all products are tracked that were assumed to be. */
  isTracked: boolean;
  /** Whether every note was written last when the commit expects it. */
  isAsExpected: boolean;
}>;

async function readGround(
  open: Open,
  { organizationId, balances, notes = [], assumed, observe }: Commit,
  ids: readonly CommandId[],
  remembered: RememberedVariants,
): Promise<Read> {
  const variants = [...new Set(balances.map(({ key }) => key.variantId))];
  const unknown = new Set(variants.filter(id => !remembered.has(organizationId, id)));
  const products = assumed.map(id => open.store('products').get([organizationId, id]) as IDBRequest<ProductRow>);
  const expected = notes.filter(note => note.ifSequence !== undefined);
  const asked = expected.map(note => getNote(open, organizationId, note));
  const looked = findRecords(open, organizationId, [...ids, ...observe]);
  const fetched = fetchRows(open, organizationId, [...unknown]);
  const [stored] = await open.results([open.store('heads').get(organizationId) as IDBRequest<HeadRow | undefined>]);
  const head = stored ?? emptyHead(organizationId);
  const rows = fetched();
  // What is remembered is good only if nobody has written since; the head says so.
  const stale = [];
  for (const id of variants) {
    const row = rows.get(id) ?? remembered.at(organizationId, head.sequence, id);
    if (row !== undefined) rows.set(id, row);
    else if (!unknown.has(id)) stale.push(id);
  }
  if (stale.length > 0) {
    const again = fetchRows(open, organizationId, stale);
    await open.results([open.store('heads').count()]);
    for (const [id, row] of again()) rows.set(id, row);
  }
  const found = await looked();
  return {
    ground: { head, rows },
    records: found.filter(record => ids.includes(record.commandId)),
    known: found.filter(record => !ids.includes(record.commandId)),
    isAsExpected: expected.every(({ ifSequence }, index) => (asked[index]?.result?.sequence ?? 0) === ifSequence),
    isTracked: products.every(({ result }) => result?.tracked === true),
  };
}

/** Asks for the rows of variants; the answer is there when a later request of the transaction was answered. */
function fetchRows(
  open: Open,
  organizationId: OrganizationId,
  ids: readonly VariantId[],
): () => Map<VariantId, VariantRow> {
  const variants = open.store('variants');
  const requests = ids.map(id => variants.get([organizationId, id]) as IDBRequest<VariantRow | undefined>);
  return () => {
    const rows = requests.map(request => request.result).filter(row => row !== undefined);
    return new Map(rows.map(row => [row.variantId, row]));
  };
}

function balanceOf({ rows }: Ground, key: BalanceChange['key']): number {
  const row = rows.get(key.variantId);
  return row === undefined ? 0 : (onHandIn(row, key.locationId) ?? 0);
}

function guardHolds({ min, max }: BalanceChange, before: number): boolean {
  return before >= (min ?? before) && before <= (max ?? before);
}

/** Whether a balance would leave the safe integers at any sequence of the commit. */
function overflows({ postings }: Commit, before: readonly number[]): boolean {
  return postings.some(({ balance, running }) => !Number.isSafeInteger((before[balance] ?? 0) + running));
}
