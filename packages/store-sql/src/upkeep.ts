import type { Census } from '@stockfold/core';

/** The row of a census. */
export type CensusRow = {
  organization: number;
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

/** How a dialect writes the statements of the upkeep. */
export type UpkeepDialect = Readonly<{
  /** The name of a table. */
  named: (table: string) => string;
  /** The places of the organization's id and of a list of locations, as a condition on `l.id`. */
  id: string;
  isNamed: string;
}>;

/** Counts rows. Where the organization has no head, they are found by the locations of it that are left. */
export function censusSql({ named, id, isNamed }: UpkeepDialect): string {
  const count = (table: string, where = '') =>
    `(select count(*) from ${named(table)} x where x.organization = o.organization ${where})`;
  return `with o as (
      select organization, sequence from ${named('organization')} where id = ${id}
      union all
      select min(l.organization), null from ${named('location')} l
      where ${isNamed}
        and not exists (select 1 from ${named('organization')} h where h.organization = l.organization or h.id = ${id})
      having min(l.organization) is not null
    )
    select o.organization, o.sequence as as_of,
      ${count('record')} as records, ${count('balance')} as balances, ${count('posting')} as postings,
      ${count('variant')} as variants, ${count('location')} as locations,
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

/** Takes away what belongs to nothing, in this order; each statement has one place, that of the organization. */
export function straysSql(named: (table: string) => string, organization: string): readonly string[] {
  const lacks = (table: string, target: string, columns: readonly string[]) =>
    `delete from ${named(table)} where organization = ${organization} and not exists (
      select 1 from ${named(target)} t where t.organization = ${named(table)}.organization
      ${columns.map(column => `and t.${column} = ${named(table)}.${column}`).join(' ')}
    )`;
  return [
    lacks('posting', 'variant', ['variant']),
    lacks('posting', 'location', ['location']),
    lacks('posting', 'record', ['sequence']),
    lacks('balance', 'posting', ['variant', 'location']),
    // Of a balance that is gone and is to be there, all postings are written anew.
    lacks('posting', 'balance', ['variant', 'location']),
    lacks('variant', 'posting', ['variant']),
  ];
}

/** An integer for a row that has lost its own: one that no row of these tables bears. */
export function freeSql(named: (table: string) => string, organization: string, column: 'variant' | 'product'): string {
  const tables = column === 'variant' ? ['variant', 'balance', 'posting'] : ['product', 'variant'];
  const last = tables.map(
    table => `select max(${column}) as last from ${named(table)} where organization = ${organization}`,
  );
  return `select coalesce(max(last), 0) + 1 as free from (${last.join(' union all ')}) u`;
}
