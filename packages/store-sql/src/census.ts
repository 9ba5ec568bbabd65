import type { Census } from '@stockfold/core';

/** The row of a census. */
export type CensusRow = {
  /** Null: the head is gone. */
  as_of: number | null;
  records: number;
  balances: number;
  postings: number;
  variants: number;
  locations: number;
  tracked: number;
  low_stock: number;
  notes: number;
};

/**
 * The statement of a census. Where the organization has no head, its rows are found by the locations of it that are left.
 *
 * @param named - The name of a table in a statement.
 * @param id - The place of the organization's id.
 * @param locations - A condition on the column `l.id`.
 * @param integer - A number as the driver is to give it.
 */
export function censusSql(
  named: (table: string) => string,
  { id, locations, integer }: Readonly<{ id: string; locations: string; integer: (text: string) => string }>,
): string {
  const count = (table: string, where = '') =>
    integer(`(select count(*) from ${named(table)} x where x.organization = o.organization ${where})`);
  return `with o as (
      select organization, sequence from ${named('organization')} where id = ${id}
      union all
      select min(l.organization), null from ${named('location')} l
      where ${locations}
        and not exists (select 1 from ${named('organization')} h where h.organization = l.organization or h.id = ${id})
      having min(l.organization) is not null
    )
    select o.sequence as as_of, ${count('record')} as records, ${count('balance')} as balances,
      ${count('posting')} as postings, ${count('variant')} as variants, ${count('location')} as locations,
      ${count('product', 'and x.tracked = 1')} as tracked, ${count('low_stock')} as low_stock, ${count('note')} as notes
    from o`;
}

/** The census of a row; that of none is empty. */
export function toCensus(row: CensusRow | undefined): Census {
  if (row === undefined) return { asOf: null, rows: {} };
  return {
    asOf: row.as_of,
    rows: {
      record: row.records,
      balance: row.balances,
      posting: row.postings,
      variant: row.variants,
      location: row.locations,
      'tracked product': row.tracked,
      'low-stock rule': row.low_stock,
      note: row.notes,
    },
  };
}
