import type { Balance, BalanceQuery, Page } from '@stockfold/core';
import { readHead } from './read.ts';
import { findIn, pageOf, scan } from './scan.ts';
import type { PastRow, VariantRow } from './schema.ts';
import type { Open } from './transaction.ts';
import { onHandAt, reachesBack } from './variant-row.ts';

/** A page of balances, in the order of variant and location, all of one moment. */
export async function readBalances(open: Open, query: BalanceQuery): Promise<Page<Balance>> {
  const [{ sequence }, found] = await Promise.all([
    readHead(open, query.organizationId),
    findIn(variantsAsOf(open, query), query.limit + 1, balancesIn(query)),
  ]);
  const keyOf = ({ variantId, locationId }: Balance) => `${variantId}.${locationId}`;
  return pageOf(found, query.limit, keyOf, Math.min(query.asOf ?? sequence, sequence));
}

/** The variants of a query, with what was on hand after its sequence where it names one. */
async function* variantsAsOf(open: Open, query: BalanceQuery): AsyncGenerator<readonly VariantRow[]> {
  const { asOf } = query;
  for await (const rows of query.variantIds === undefined ? allVariants(open, query) : namedVariants(open, query))
    yield asOf === undefined ? rows : await pastOf(open, rows, asOf);
}

// Stock that moves is at two locations at least. One more tells whether there is a next page, and another one is the
// variant of the cursor, which mostly stood on the page before: without it each page would be read twice.
function batchOf({ locationId, limit }: BalanceQuery): number {
  return (locationId === undefined ? Math.ceil(limit / 2) : limit) + 2;
}

/** All from the variant of the cursor on: it may have more locations. */
function allVariants(open: Open, query: BalanceQuery): AsyncGenerator<readonly VariantRow[]> {
  const from = cursorOf(query).slice(0, 1);
  return scan(open, { name: 'variants', under: [query.organizationId], from, isOpen: false, batch: batchOf(query) });
}

async function* namedVariants(open: Open, query: BalanceQuery): AsyncGenerator<readonly VariantRow[]> {
  const { organizationId, variantIds = [] } = query;
  const [from = ''] = cursorOf(query);
  const store = open.store('variants');
  const ids = [...new Set(variantIds)].filter(id => id >= from).sort();
  for (const batch = batchOf(query); ids.length > 0; ) {
    const asked = ids.splice(0, batch).map(id => store.get([organizationId, id]) as IDBRequest<VariantRow | undefined>);
    yield (await open.results(asked)).filter(row => row !== undefined);
  }
}

/** Rows as they were after a sequence: from the row itself, or by one look-up from an earlier part of its past. */
async function pastOf(open: Open, rows: readonly VariantRow[], asOf: number): Promise<readonly VariantRow[]> {
  const pasts = open.store('pasts');
  const requests = rows.map(row => {
    if (reachesBack(row, asOf)) return null;
    const { organizationId, variantId } = row;
    // The first part that ends at the sequence or later: its base is what was before it began.
    const range = IDBKeyRange.bound([organizationId, variantId, asOf], [organizationId, variantId, []]);
    return pasts.get(range) as IDBRequest<PastRow | undefined>;
  });
  await open.results(requests.filter(request => request !== null));
  return rows.map((row, index) => ({ ...row, onHand: onHandAt(requests[index]?.result ?? row.past, asOf) }));
}

/** The balances of a row that a query asks for, in the order of locations. */
function balancesIn(query: BalanceQuery): (row: VariantRow) => readonly Balance[] {
  const { locationId, productIds, nonZero } = query;
  const [lastVariant, lastLocation = ''] = cursorOf(query);
  return ({ variantId, productId, locations, onHand }) => {
    const found: Balance[] = [];
    if (productIds?.includes(productId) === false) return found;
    // Of the variant of the cursor, the locations up to it stood on the page before.
    const after = variantId === lastVariant ? lastLocation : '';
    for (const place of locationId === undefined ? [...locations].sort() : [locationId]) {
      const value = onHand[locations.indexOf(place)];
      if (value !== undefined && place > after && (value !== 0 || nonZero !== true))
        found.push({ locationId: place, productId, variantId, onHand: value });
    }
    return found;
  };
}

/** The variant and the location behind which a page begins; none when it is the first. */
function cursorOf({ cursor = '' }: BalanceQuery): readonly string[] {
  return cursor.split('.');
}
