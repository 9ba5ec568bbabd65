import { ok, type ResultAsync, safeTry } from 'neverthrow';
import type { OrganizationId } from '../model/id.ts';
import type { NoteKey } from '../model/note.ts';
import { type Breach, type Breaches, compareNote } from '../rules/audit.ts';
import type { StoreFault } from './fault.ts';
import type { JournalReader } from './journal-reader.ts';
import { PAGE_LIMIT_MAX } from './query.ts';
import type { LedgerStore, NoteQuery } from './store.ts';

/**
 * Compares stored notes with what the journal makes of them, page by page: 12, `notesAgree`. Each page is of one moment, to
 * which the journal is read. Notes of a kind that the journal never had cannot be asked
 * for; they are found by their number.
 */
export function checkNotes(
  store: LedgerStore,
  organizationId: OrganizationId,
  journal: JournalReader,
): ResultAsync<Breaches, StoreFault> {
  const breaches: Breach[] = [];
  const seen = new Set<string>();
  /** `asked` is a note that was asked for by name: without a row it is not there. */
  const readPage = (query: Omit<NoteQuery, 'organizationId'>, asked?: NoteKey) =>
    store.notes({ ...query, organizationId }).andThen(({ items, asOf, next }) =>
      journal.readTo(asOf).map(() => {
        const isThere = asked === undefined || items.some(item => item.id === asked.id);
        for (const { kind, id, ...state } of isThere ? items : []) {
          seen.add(`${kind} ${id}`);
          breaches.push(...compareNote({ kind, id }, journal.notes.get({ kind, id }), state));
        }
        if (!isThere) breaches.push(...compareNote(asked, journal.notes.get(asked), undefined));
        return next ?? undefined;
      }),
    );
  return safeTry(async function* () {
    yield* await journal.readToEnd();
    for (const kind of journal.notes.kinds()) {
      let cursor: string | undefined;
      do cursor = yield* await readPage({ kind, cursor, limit: PAGE_LIMIT_MAX });
      while (cursor !== undefined);
    }
    // A note without a row was either written after its page was read, or has lost its row: it is asked for by name.
    const unseen = [...journal.notes.entries()].filter(({ kind, id }) => !seen.has(`${kind} ${id}`));
    for (const note of unseen) yield* await readPage({ kind: note.kind, prefix: note.id, limit: 1 }, note);
    return ok(breaches);
  });
}
