import { storeFault } from '@stockfold/core';
import type { MetaRow } from './schema.ts';
import { transact } from './transaction.ts';

/** The UUID that a database was given when it was made: another one means that it was made anew. */
export function readIncarnation(db: IDBDatabase): Promise<string> {
  return transact(db, ['meta'], 'readonly', async open => {
    const [row] = await open.results([open.store('meta').get('incarnation') as IDBRequest<MetaRow | undefined>]);
    if (row === undefined) throw storeFault('StoreFailed', 'the database was not made by this library');
    return row.value;
  });
}
