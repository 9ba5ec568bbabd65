import type { CommandId, LedgerEvent, OrganizationId, StoredRecord } from '@stockfold/core';
import { storeFault } from '@stockfold/core';
import { COMMAND_INDEX, type RecordRow } from './schema.ts';
import type { Open } from './transaction.ts';

/**
 * Looks for the records of commands. The look-ups are asked for at once, and are done when a later request of the
 * transaction was answered; the records themselves are then read, of which there mostly are none.
 */
export function findRecords(
  open: Open,
  organizationId: OrganizationId,
  ids: readonly CommandId[],
): () => Promise<readonly StoredRecord[]> {
  const store = open.store('records');
  const index = store.index(COMMAND_INDEX);
  const keys = ids.map(id => index.getKey([organizationId, id]));
  return async () => {
    const found = keys.flatMap(({ result }) => (result === undefined ? [] : [result]));
    if (found.length === 0) return [];
    const rows = await open.results(found.map(key => store.get(key) as IDBRequest<RecordRow>));
    return rows.map(toRecord);
  };
}

/** A row of the journal as its record. */
export function toRecord({ organizationId: _, events, ...row }: RecordRow): StoredRecord {
  return { ...row, events: parseEvents(row.sequence, events) };
}

function parseEvents(sequence: number, text: string): readonly LedgerEvent[] {
  try {
    const events: unknown = JSON.parse(text);
    if (Array.isArray(events)) return events as LedgerEvent[];
  } catch {
    // It is damaged, as is what is no list.
  }
  throw storeFault('StoreFailed', `record ${sequence} is damaged`);
}
