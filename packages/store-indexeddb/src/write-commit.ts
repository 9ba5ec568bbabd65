import { type BalanceChange, type Commit, type ConfigChange, isNoRule, type VariantId } from '@stockfold/core';
import {
  type HeadRow,
  LEDGER_STORES,
  type LocationRow,
  type LowStockRow,
  type NoteRow,
  type PastRow,
  type ProductRow,
  type RecordRow,
  type Rows,
  type VariantRow,
} from './schema.ts';
import type { Open } from './transaction.ts';
import { moveRow, type RowPosting } from './variant-row.ts';

/** Rows that a commit is judged by. */
export type Ground = Readonly<{ head: HeadRow; rows: ReadonlyMap<VariantId, VariantRow> }>;

/** The rows of a commit. */
export type Written = Readonly<{ head: HeadRow; rows: Rows }>;

/** Called when all checks have passed and before anything is written. What it throws aborts the commit. */
export type BeforeWrite = (written: Written) => void;

/** Writes a commit that has passed its checks, all of it in one synchronous burst, and ends the transaction. */
export function writeCommit(
  open: Open,
  commit: Commit,
  ground: Ground,
  before: readonly number[],
  beforeWrite: BeforeWrite,
): Written {
  const head = nextHead(commit, ground.head);
  const rows: Rows = {
    heads: [head],
    locations: locationRows(commit, ground.head),
    products: productRows(commit),
    lowStock: lowStockRows(commit),
    notes: noteRows(commit, ground.head),
    records: recordRows(commit, ground.head),
    ...movedRows(commit, ground, before),
  };
  beforeWrite({ head, rows });
  putRows(open, rows);
  open.commit();
  return { head, rows };
}

/** Asks for all rows to be written, without waiting. */
export function putRows(open: Open, rows: Rows): void {
  for (const name of LEDGER_STORES) {
    if (rows[name].length === 0) continue;
    const store = open.store(name);
    for (const row of rows[name])
      if ('alert' in row && isNoRule(row)) store.delete([row.organizationId, row.variantId, row.locationId]);
      else if ('body' in row && row.body === null) store.delete([row.organizationId, row.kind, row.id]);
      else store.put(row);
  }
}

function recordRows({ organizationId, records, at }: Commit, head: HeadRow): readonly RecordRow[] {
  const recordedAt = Math.max(head.recordedAt, at);
  return records.map(({ commandId, externalUuid, events }, index) => {
    const sequence = head.sequence + index + 1;
    return { organizationId, sequence, commandId, recordedAt, externalUuid, events: JSON.stringify(events) };
  });
}

function nextHead({ config, records, at }: Commit, head: HeadRow): HeadRow {
  const policy = config.findLast(change => change.kind === 'Policy')?.policy ?? head.policy;
  return {
    ...head,
    sequence: head.sequence + records.length,
    recordedAt: Math.max(head.recordedAt, at),
    configVersion: head.configVersion + (config.length > 0 ? 1 : 0),
    policy,
    opened: head.opened + config.filter(isLocation).length,
  };
}

function movedRows(
  { organizationId, balances, postings }: Commit,
  { head, rows }: Ground,
  before: readonly number[],
): Pick<Rows, 'variants' | 'pasts'> {
  const moves = new Map<VariantId, { change: BalanceChange; postings: RowPosting[] }>();
  for (const { record, balance, running } of postings) {
    const change = balances[balance] as BalanceChange;
    const { variantId, locationId } = change.key;
    const move = moves.get(variantId) ?? { change, postings: [] };
    moves.set(variantId, move);
    const sequence = head.sequence + 1 + record;
    move.postings.push({ sequence, locationId, onHand: (before[balance] ?? 0) + running });
  }
  const variants: VariantRow[] = [];
  const pasts: PastRow[] = [];
  for (const [variantId, { change, postings }] of moves) {
    const { row, spilled } = moveRow(rows.get(variantId) ?? newRow(organizationId, change), postings);
    variants.push(row);
    if (spilled !== null) pasts.push({ organizationId, variantId, ...spilled });
  }
  return { variants, pasts };
}

function newRow(organizationId: Commit['organizationId'], { key, productId }: BalanceChange): VariantRow {
  const { variantId } = key;
  return { organizationId, variantId, productId, locations: [], onHand: [], past: { base: [], postings: [] } };
}

function productRows({ organizationId, config }: Commit): readonly ProductRow[] {
  return config
    .filter(change => change.kind === 'Tracking')
    .map(({ productId, tracked }) => ({ organizationId, productId, tracked }));
}

function lowStockRows({ organizationId, config }: Commit): readonly LowStockRow[] {
  return config.filter(change => change.kind === 'LowStock').map(({ rule }) => ({ organizationId, ...rule }));
}

function noteRows({ organizationId, notes = [] }: Commit, head: HeadRow): readonly NoteRow[] {
  return notes.flatMap(({ kind, id, write }) =>
    write === undefined
      ? []
      : [{ organizationId, kind, id, body: write.body, sequence: head.sequence + 1 + write.record }],
  );
}

function locationRows({ organizationId, config }: Commit, head: HeadRow): readonly LocationRow[] {
  return config
    .filter(isLocation)
    .map(({ location }, index) => ({ organizationId, ...location, place: head.opened + index }));
}

function isLocation(change: ConfigChange): change is ConfigChange & { kind: 'Location' } {
  return change.kind === 'Location';
}
