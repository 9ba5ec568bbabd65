import type { SystemLocations } from '@stockfold/core';

/** How a database says what standard SQL has no common words for. */
export type Dialect = Readonly<{
  table: (name: string) => string;
  /** A table of the numbers 1 to `last` in a column `n`. */
  numbers: (last: number) => string;
  /** A UUID that begins with a digit and ends with a number, as text. */
  uuid: (digit: string, number: string) => string;
  /** What a column of command ids, or of ids of variants, is given for such a text. */
  asCommandId: (uuid: string) => string;
  asId: (uuid: string) => string;
}>;

/** The one product of the history, which must be tracked, alone, in the first record of the ledger. */
export const PRODUCT: string = 'a0000000-0000-4000-8000-000000000000';
/** Besides the hot one. */
export const COLD_VARIANTS = 10_000;

/** The id of the variant that is its database's number n; the hot one is the first. */
export function variantId(n: number): string {
  return `c0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/**
 * Statements that write a history as the ledger would have: one restock a record, every other one of one hot variant, the
 * others of each cold variant in turn. `verify()` accepts it; through the ledger it would take minutes.
 */
export function fillHistory(dialect: Dialect, movements: number, { STORE, SUPPLIER }: SystemLocations): string[] {
  const { table, numbers, uuid, asCommandId, asId } = dialect;
  const moved = `(select n, case when n % 2 = 0 then 1 else 2 + (n - 1) / 2 % ${COLD_VARIANTS} end as variant,
    case when n % 2 = 0 then n / 2 else 1 + (n - 1) / 2 / ${COLD_VARIANTS} end as after
    from ${numbers(movements)} numbers) moved`;
  const id = uuid('c', 'variant');
  const line = `'[{"kind":"MovementsRecorded","lines":[{"productId":"${PRODUCT}","variantId":"' || ${id} || '",'
    || '"from":"${SUPPLIER}","to":"${STORE}","quantity":1}]}]'`;
  const posting = (location: number, sign: string) => `insert into ${table('posting')}
    select 1, variant, ${location}, n + 1, ${sign}1, ${sign}after from ${moved}`;
  const balance = (location: number, sign: string) => `insert into ${table('balance')}
    select 1, variant, ${location}, ${sign}max(after) from ${moved} group by variant`;
  return [
    `insert into ${table('variant')} select 1, variant, ${asId(id)}, 1 from ${moved} group by variant`,
    balance(1, ''),
    balance(2, '-'),
    `insert into ${table('record')} select 1, n + 1, ${asCommandId(uuid('d', 'n'))}, 9000000000000, null, ${line} from ${moved}`,
    posting(1, ''),
    posting(2, '-'),
    `update ${table('organization')} set sequence = ${movements + 1}, recorded_at = 9000000000000`,
  ];
}
