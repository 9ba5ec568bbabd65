import type { Balance, BalanceQuery, Page } from '@stockfold/core';
import { readHead } from './read.ts';
import type { PastRow, VariantRow } from './schema.ts';
import type { Open } from './transaction.ts';
import { onHandAt, reachesBack } from './variant-row.ts';

/** A page of balances, in the order of variant and location, all of one moment. */
export async function readBalances(open: Open, query: BalanceQuery): Promise<Page<Balance>> {
  const rows = new VariantReader(open, query);
  let batch = rows.ask();
  const { sequence } = await readHead(open, query.organizationId);
  const asOf = Math.min(query.asOf ?? sequence, sequence);
  const items: Balance[] = [];
  for (;;) {
    const found = batch.map(request => request.result).flatMap(row => row ?? []);
    const onHand = asOf === sequence ? found.map(row => row.onHand) : await pastOf(open, found, asOf);
    for (const [index, row] of found.entries())
      for (const balance of balancesIn(row, onHand[index] ?? [], query)) {
        if (items.length === query.limit) return { items, next: cursorOf(items.at(-1) as Balance), asOf };
        items.push(balance);
      }
    batch = rows.ask();
    if (batch.length === 0) return { items, next: null, asOf };
    await open.results(batch as readonly IDBRequest[]);
  }
}

type RowRequest = Readonly<{ result: readonly VariantRow[] | VariantRow | undefined }>;

/** Asks for the variants of a query after its cursor, in order, in batches that mostly fill a page. */
class VariantReader {
  readonly #open: Open;
  readonly #query: BalanceQuery;
  readonly #batch: number;
  /** Those that were named and not yet asked for; null when none was named. */
  readonly #named: string[] | null;
  #last: IDBRequest<VariantRow[]> | null = null;

  constructor(open: Open, query: BalanceQuery) {
    this.#open = open;
    this.#query = query;
    // Stock that moves is at two locations at least. One more tells whether there is a next page, and another one is
    // the variant of the cursor, which mostly stood on the page before: without it each page would be read twice.
    this.#batch = (query.locationId === undefined ? Math.ceil(query.limit / 2) : query.limit) + 2;
    const { cursor = '' } = query;
    const from = cursor.split('.')[0] ?? '';
    this.#named = query.variantIds ? [...new Set(query.variantIds)].filter(id => id >= from).sort() : null;
  }

  /** The next requests; none when all was asked for. The ones before must have been answered. */
  ask(): readonly RowRequest[] {
    const store = this.#open.store('variants');
    const { organizationId, cursor = '' } = this.#query;
    if (this.#named !== null)
      return this.#named.splice(0, this.#batch).map(id => store.get([organizationId, id]) as IDBRequest<VariantRow>);
    const seen = this.#last?.result;
    if (seen !== undefined && seen.length < this.#batch) return [];
    const from = seen?.at(-1)?.variantId ?? cursor.split('.')[0] ?? '';
    // The variant of the cursor may have more locations; the last one of a batch has been looked at.
    const range = IDBKeyRange.bound([organizationId, from], [organizationId, []], seen !== undefined);
    this.#last = store.getAll(range, this.#batch) as IDBRequest<VariantRow[]>;
    return [this.#last];
  }
}

/** On hand after a sequence for each row: from the row, or by one look-up from an earlier part of its past. */
async function pastOf(open: Open, rows: readonly VariantRow[], asOf: number): Promise<readonly (readonly number[])[]> {
  const pasts = open.store('pasts');
  const requests = rows.map(row => {
    if (reachesBack(row, asOf)) return null;
    const { organizationId, variantId } = row;
    // The first part that ends at the sequence or later: its base is what was before it began.
    const range = IDBKeyRange.bound([organizationId, variantId, asOf], [organizationId, variantId, []]);
    return pasts.get(range) as IDBRequest<PastRow | undefined>;
  });
  await open.results(requests.filter(request => request !== null));
  return rows.map((row, index) => onHandAt(requests[index]?.result ?? row.past, asOf));
}

/** The balances of a row that a query asks for, in the order of locations. */
function balancesIn(row: VariantRow, onHand: readonly number[], query: BalanceQuery): readonly Balance[] {
  const { locations, variantId, productId } = row;
  if (query.productIds && !query.productIds.includes(productId)) return [];
  // Of the variant of the cursor, the locations up to it stood on the page before.
  const after = query.cursor?.startsWith(variantId) ? query.cursor.slice(variantId.length + 1) : '';
  const found: Balance[] = [];
  for (const [position, locationId] of locations.entries()) {
    const value = onHand[position];
    if (value === undefined || locationId <= after || (query.nonZero === true && value === 0)) continue;
    if (query.locationId === undefined || locationId === query.locationId)
      found.push({ locationId, productId, variantId, onHand: value });
  }
  return found.length < 2 ? found : found.sort((a, b) => (a.locationId < b.locationId ? -1 : 1));
}

function cursorOf({ variantId, locationId }: Balance): string {
  return `${variantId}.${locationId}`;
}
