import type { Page } from '@stockfold/core';
import { KEY_PATHS, type StoreName } from './schema.ts';
import type { Open } from './transaction.ts';

/** Which rows of an object store: those from a key on, in order, under the same beginning of it. */
export type Scan = Readonly<{
  name: Exclude<StoreName, 'heads' | 'meta'>;
  /** All keys that begin with this. */
  under: readonly string[];
  /** Only keys from this one on; the parts that follow on `under`. */
  from: readonly (string | number)[];
  /** Whether a row of just this key is left out. */
  isOpen?: boolean;
  /** How many rows are asked for at once. */
  batch: number;
}>;

/** Reads rows, batch by batch, as long as somebody wants them. The first batch is asked for by the first `next`. */
export async function* scan<R extends object>(
  open: Open,
  { name, under, from, isOpen = true, batch }: Scan,
): AsyncGenerator<readonly R[]> {
  const store = open.store(name);
  let lower: IDBValidKey[] = [...under, ...from];
  for (let isBehind = isOpen; ; isBehind = true) {
    // An array sorts after every string and number.
    const range = IDBKeyRange.bound(lower, [...under, []], isBehind);
    const [rows] = await open.results([store.getAll(range, batch) as IDBRequest<R[]>]);
    yield rows;
    const last: Partial<Record<string, IDBValidKey>> | undefined = rows.at(-1);
    if (last === undefined || rows.length < batch) return;
    lower = KEY_PATHS[name].map(field => last[field] as IDBValidKey);
  }
}

/** What is found in rows, batch by batch, until it is enough; a few more may come. */
export async function findIn<R, T>(
  batches: AsyncIterable<readonly R[]>,
  enough: number,
  find: (row: R) => readonly T[],
): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const rows of batches) {
    for (const row of rows) found.push(...find(row));
    if (found.length >= enough) break;
  }
  return found;
}

/** The page that begins with these items, of which one more than fits says that there is a next one. */
export function pageOf<T>(found: readonly T[], limit: number, keyOf: (item: T) => string, asOf: number): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: last === undefined || found.length <= limit ? null : keyOf(last), asOf };
}
