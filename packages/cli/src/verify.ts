import { createLedger, rebuild as rebuildRows, type Verification } from '@stockfold/core';
import { type BooksOptions, cliErrorOf, nothingThere, openBooks, organizationOf } from './open-books.ts';
import { startProgress, withProgress } from './progress.ts';

// Something is wrong with the books, and not with the command.
const WRONG = 2;

/** Holds the invariants against everything that is stored, and prints what breaks them, a line of JSON each. */
export async function verify(options: BooksOptions): Promise<void> {
  const organizationId = organizationOf(options);
  const store = await openBooks(options.db);
  const progress = startProgress('records');
  const ledger = createLedger({ store: withProgress(store, progress), organizationId });
  const verified = await ledger.verify();
  progress.stop();
  await ledger.close();
  if (verified.isErr()) throw cliErrorOf(options, verified.error);
  const { ok, records, balances, breaches } = verified.value;
  if (ok && records === 0) throw nothingThere(options);
  if (ok) console.log(`${records} records fold to ${balances} balances, and every invariant holds.`);
  else report(breaches, 'breaches; "rebuild" mends those that the journal speaks of.');
}

/** Writes rows anew as the journal makes them, and prints what it could not mend. */
export async function rebuild(options: BooksOptions): Promise<void> {
  const organizationId = organizationOf(options);
  const store = await openBooks(options.db);
  const progress = startProgress('records');
  const rebuilt = await rebuildRows({ store: withProgress(store, progress), organizationId });
  progress.stop();
  await store.close();
  if (rebuilt.isErr()) throw cliErrorOf(options, rebuilt.error);
  const { found, fault, left } = rebuilt.value;
  const before = fault === null ? `${found.length} breaches` : `what could not be read (${fault.message})`;
  if (left.length > 0) report(left, 'breaches are left that no row of the journal mends: bring back a backup.');
  else if (found.length === 0 && fault === null) console.log('Nothing was wrong, and nothing was written.');
  else console.log(`Mended ${before}: every invariant holds. Start again what had the database open.`);
}

function report(breaches: Verification['breaches'], rest: string): void {
  for (const breach of breaches) console.log(JSON.stringify(breach));
  console.error(`stockfold: ${breaches.length} ${rest}`);
  process.exitCode = WRONG;
}
