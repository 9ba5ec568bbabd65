import type { OrganizationId } from '@stockfold/core';
import {
  type HeadRow,
  keyOf,
  keysUnder,
  LEDGER_STORES,
  type MetaRow,
  NO_ROWS,
  type RecordRow,
  type Rows,
} from '../schema.ts';
import { type Open, transact } from '../transaction.ts';
import { putRows } from '../write-commit.ts';
import { chains } from './chain.ts';
import type { Commitment } from './entry.ts';

/** The heads of all organizations. */
export function readHeads(db: IDBDatabase): Promise<readonly HeadRow[]> {
  return transact(db, ['heads'], 'readonly', allHeads);
}

/**
 * Fills an empty database with what its journal says, and gives it back its name, all in one transaction.
 *
 * @param commits - Of each organization in order and without gap.
 * @returns How many records there are again.
 */
export async function rebuild(db: IDBDatabase, incarnation: string, commits: readonly Commitment[]): Promise<number> {
  const rows = lastOfEach(commits);
  await transact(db, [...LEDGER_STORES, 'meta'], 'readwrite', async open => {
    putRows(open, rows);
    open.store('meta').put({ key: 'incarnation', value: incarnation } satisfies MetaRow);
    open.commit();
  });
  return rows.records.length;
}

/**
 * Applies the commits that the database does not have yet, as far as they follow on what it has.
 *
 * @returns Whether a commit of `lasts` is in the database now.
 */
export function applyTail(
  db: IDBDatabase,
  commits: readonly Commitment[],
  lasts: readonly Commitment[],
): Promise<(commit: Commitment) => boolean> {
  return transact(db, LEDGER_STORES, 'readwrite', async open => {
    const records = open.store('records');
    const stored = lasts.map(
      ({ organizationId, firstSequence }) =>
        records.get([organizationId, firstSequence]) as IDBRequest<RecordRow | undefined>,
    );
    const heads = new Map((await allHeads(open)).map(head => [head.organizationId, head.sequence]));
    const tail = chains(commits, organizationId => heads.get(organizationId) ?? 0);
    const applied = new Set([...tail, ...stored.flatMap(({ result }) => result ?? [])].map(idOf));
    putRows(open, lastOfEach(tail));
    open.commit();
    return commit => applied.has(idOf(commit));
  });
}

/** All rows of one organization as one entry, which stands for all commits before it. */
export function dump(db: IDBDatabase, organizationId: OrganizationId): Promise<Commitment> {
  return transact(db, LEDGER_STORES, 'readonly', async open => {
    const all = (['locations', 'products', 'lowStock', 'notes', 'variants', 'pasts', 'records'] as const).map(
      name => [name, open.store(name).getAll(keysUnder(organizationId))] as const,
    );
    const [head] = await open.results([open.store('heads').get(organizationId) as IDBRequest<HeadRow>]);
    const rows: Rows = {
      ...NO_ROWS,
      heads: [head],
      ...Object.fromEntries(all.map(([name, { result }]) => [name, result])),
    };
    const { sequence: lastSequence } = head;
    return {
      kind: 'commit',
      organizationId,
      firstSequence: 1,
      lastSequence,
      writtenAt: Date.now(),
      rows,
    };
  });
}

async function allHeads(open: Open): Promise<readonly HeadRow[]> {
  const [heads] = await open.results([open.store('heads').getAll() as IDBRequest<HeadRow[]>]);
  return heads;
}

/** Of the rows that were written over each other the last ones. */
function lastOfEach(commits: readonly Commitment[]): Rows {
  const lasts = Object.entries(NO_ROWS).map(([name]) => {
    const byKey = new Map<string, unknown>();
    for (const { rows } of commits)
      for (const row of rows[name as keyof Rows]) byKey.set(keyOf(name as keyof Rows, row), row);
    return [name, [...byKey.values()]] as const;
  });
  return Object.fromEntries(lasts) as unknown as Rows;
}

function idOf(commit: Commitment | RecordRow): string {
  const row = 'rows' in commit ? commit.rows.records[0] : commit;
  return `${row?.organizationId}.${row?.commandId}`;
}
