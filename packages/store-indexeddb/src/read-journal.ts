import type { JournalQuery, Page, StoredRecord } from '@stockfold/core';
import { readHead } from './read.ts';
import { toRecord } from './records.ts';
import type { RecordRow } from './schema.ts';
import type { Open } from './transaction.ts';

/** A page of the journal. */
export async function readJournal(
  open: Open,
  { organizationId, after, limit }: JournalQuery,
): Promise<Page<StoredRecord>> {
  const range = IDBKeyRange.bound([organizationId, after + 1], [organizationId, after + limit]);
  const page = open.store('records').getAll(range) as IDBRequest<RecordRow[]>;
  const { sequence: asOf } = await readHead(open, organizationId);
  return { items: page.result.map(toRecord), next: after + limit < asOf ? String(after + limit) : null, asOf };
}
