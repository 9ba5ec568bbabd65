import { ok, type Result, ResultAsync } from 'neverthrow';
import { isFrom, type StoredRecord } from '../model/journal.ts';
import type { StoreFault } from './fault.ts';
import type { JournalQuery, LedgerStore, Page } from './store.ts';

/**
 * A page of the journal without the records of one source. It reads on until there is one to give, or the journal ends:
 * no page but the last is empty.
 */
export function journalExcept(
  store: LedgerStore,
  query: JournalQuery,
  source: string,
): ResultAsync<Page<StoredRecord>, StoreFault> {
  return new ResultAsync(readOn(store, query, source));
}

async function readOn(
  store: LedgerStore,
  query: JournalQuery,
  source: string,
): Promise<Result<Page<StoredRecord>, StoreFault>> {
  for (let { after } = query; ; ) {
    const page = await store.journal({ ...query, after });
    if (page.isErr()) return page;
    const items = page.value.items.filter(record => !isFrom(record, source));
    if (items.length > 0 || page.value.next === null) return ok({ ...page.value, items });
    after = Number(page.value.next);
  }
}
