import type { NoteKey, OrganizationId, Slice } from '@stockfold/core';
import type { NoteRow } from './schema.ts';
import type { Open } from './transaction.ts';

/** Asks for one note; the answer is there when a later request of the transaction was answered. */
export function getNote(
  open: Open,
  organizationId: OrganizationId,
  { kind, id }: NoteKey,
): IDBRequest<NoteRow | undefined> {
  return open.store('notes').get([organizationId, kind, id]);
}

/** Asks for notes; they are there when a later request of the transaction was answered. */
export function fetchNotes(
  open: Open,
  organizationId: OrganizationId,
  keys: readonly NoteKey[] | undefined,
): () => Slice['notes'] {
  const asked = keys?.map(key => getNote(open, organizationId, key));
  return () => asked && byKey(asked.flatMap(({ result }) => result ?? []));
}

function byKey(rows: readonly NoteRow[]): Slice['notes'] {
  const kinds = new Map<string, Map<string, Pick<NoteRow, 'body' | 'sequence'>>>();
  for (const { kind, id, body, sequence } of rows)
    kinds.set(kind, (kinds.get(kind) ?? new Map()).set(id, { body, sequence }));
  return kinds;
}
