/** The views of a SQL store that must give no row, without the prefix or schema of their names. */
const VIEWS = [
  'conserves',
  'matches_journal',
  'keeps_floor',
  'records_once',
  'sequence_is_dense',
  'isolates_tenants',
  'as_of_agrees',
  'config_agrees',
  'notes_agree',
  'holds_agree',
];

/** Who has written: a ledger, or a test of the store suite, which changes rows of the configuration without an event. */
export type Writer = 'a ledger' | 'the suite';

/** Throws when a view gives a row: to be called when a test has ended, whatever it did to the store. */
export async function expectBooksInOrder(
  writer: Writer,
  rowsOf: (view: string) => readonly unknown[] | Promise<readonly unknown[]>,
): Promise<void> {
  for (const view of VIEWS) {
    if (view === 'config_agrees' && writer === 'the suite') continue;
    const rows = await rowsOf(view);
    if (rows.length > 0) throw new Error(`${view}: ${JSON.stringify(rows)}`);
  }
}
