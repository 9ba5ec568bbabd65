import type { Census, OrganizationId } from '@stockfold/core';
import { type HeadRow, keysUnder, type ProductRow } from './schema.ts';
import type { Open } from './transaction.ts';

/** Counts the rows of an organization, whether or not there is its head. Balances stand in the rows of their variants. */
export async function takeCensus(open: Open, organizationId: OrganizationId): Promise<Census> {
  const count = (name: 'records' | 'variants' | 'locations' | 'lowStock' | 'notes') =>
    open.store(name).count(keysUnder(organizationId));
  const [head, records, variants, locations, products, lowStock, notes] = await open.results([
    open.store('heads').get(organizationId) as IDBRequest<HeadRow | undefined>,
    count('records'),
    count('variants'),
    count('locations'),
    open.store('products').getAll(keysUnder(organizationId)) as IDBRequest<ProductRow[]>,
    count('lowStock'),
    count('notes'),
  ]);
  return {
    asOf: head?.sequence ?? null,
    rows: {
      record: records,
      variant: variants,
      location: locations,
      'tracked product': products.filter(({ tracked }) => tracked).length,
      'low-stock rule': lowStock,
      note: notes,
    },
  };
}
