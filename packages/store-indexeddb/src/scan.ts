import { KEY_PATHS, type StoreName } from './schema.ts';
import type { Open } from './transaction.ts';

/** Which rows of an object store: those behind a key, in order, under the same beginning of it. */
export type Scan = Readonly<{
  name: Exclude<StoreName, 'heads' | 'meta'>;
  /** All keys that begin with this. */
  under: readonly string[];
  /** Only keys behind this one; the parts that follow on `under`. */
  after: readonly (string | number)[];
  /** How many rows are asked for at once. */
  batch: number;
  /** Enough things; a few more may come. */
  enough: number;
}>;

/** Reads rows, batch by batch, until what was found in them is enough. */
export async function scan<R extends object, T>(
  open: Open,
  { name, under, after, batch, enough }: Scan,
  find: (row: R) => readonly T[],
): Promise<readonly T[]> {
  const store = open.store(name);
  const found: T[] = [];
  for (let lower: IDBValidKey[] = [...under, ...after]; ; ) {
    // An array sorts after every string and number.
    const range = IDBKeyRange.bound(lower, [...under, []], true);
    const [rows] = await open.results([store.getAll(range, batch) as IDBRequest<R[]>]);
    for (const row of rows) found.push(...find(row));
    const last: Partial<Record<string, IDBValidKey>> | undefined = rows.at(-1);
    if (last === undefined || rows.length < batch || found.length >= enough) return found;
    lower = KEY_PATHS[name].map(field => last[field] as IDBValidKey);
  }
}
