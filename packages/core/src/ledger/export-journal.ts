import { err, ok, type Result } from 'neverthrow';
import type { OrganizationId } from '../model/id.ts';
import type { StoredRecord } from '../model/journal.ts';
import { canonicalJson } from '../rules/canonical-json.ts';
import type { StoreFault } from './fault.ts';
import type { Ledger } from './ledger.ts';
import { PAGE_LIMIT_MAX, type QueryInvalid } from './query.ts';

/** The version of the lines: a reader refuses one that it does not know. */
export const JOURNAL_FORMAT_VERSION = 1;

/** The first line of an exported journal. */
export type JournalHeader = Readonly<{
  format: 'stockfold-journal';
  version: typeof JOURNAL_FORMAT_VERSION;
  organizationId: OrganizationId;
  /** Of the last record: a text that was cut off is known by it. */
  sequence: number;
}>;

/**
 * The journal as lines of JSON (NDJSON), each with its line feed: a header, then a record a line, up to the record that
 * was the last one when it began. The fields of every object stand in the order of their names, so one journal is one text,
 * byte for byte, whichever store it comes from. No more than a page of records is held.
 *
 * @returns Lines; or, as the last item, the fault with which the journal could not be read on.
 */
export async function* exportJournal(ledger: Ledger): AsyncGenerator<Result<string, StoreFault | QueryInvalid>> {
  let end: number | undefined;
  for (let after = 0; after < (end ?? 1); ) {
    const limit = Math.min(PAGE_LIMIT_MAX, (end ?? Number.POSITIVE_INFINITY) - after);
    const page = await ledger.journal({ after, limit });
    if (page.isErr()) {
      yield err(page.error);
      return;
    }
    const { items, asOf } = page.value;
    if (end === undefined) {
      end = asOf;
      yield ok(lineOf(headerOf(ledger.organizationId, end)));
    }
    // Where the head speaks of more records than there are, the text is one that was cut off.
    after = items.at(-1)?.sequence ?? end;
    for (const record of items) yield ok(lineOf(record));
  }
}

function headerOf(organizationId: OrganizationId, sequence: number): JournalHeader {
  return { format: 'stockfold-journal', version: JOURNAL_FORMAT_VERSION, organizationId, sequence };
}

function lineOf(content: JournalHeader | StoredRecord): string {
  return `${canonicalJson(content)}\n`;
}
