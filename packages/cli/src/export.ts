import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createLedger, exportJournal, type Ledger } from '@stockfold/core';
import { CliError } from './cli-error.ts';
import { type BooksOptions, cliErrorOf, nothingThere, openBooks, organizationOf } from './open-books.ts';
import { startProgress, withProgress } from './progress.ts';

/** Prints the journal as lines of JSON. */
export async function exportBooks(options: BooksOptions): Promise<void> {
  const organizationId = organizationOf(options);
  const store = await openBooks(options.db);
  // Among lines at a terminal a bar is in the way.
  const progress = process.stdout.isTTY ? null : startProgress('records');
  const ledger = createLedger({ store: progress === null ? store : withProgress(store, progress), organizationId });
  try {
    await pipeline(Readable.from(linesOf(ledger, options)), process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
    throw new CliError('whoever was to take the lines has ended before the last one.');
  } finally {
    progress?.stop();
    await ledger.close();
  }
}

async function* linesOf(ledger: Ledger, options: BooksOptions): AsyncGenerator<string> {
  const head = await ledger.journal({ limit: 1 });
  if (head.isOk() && head.value.asOf === 0) throw nothingThere(options);
  for await (const line of exportJournal(ledger)) {
    if (line.isOk()) yield line.value;
    else if (line.error.kind !== 'QueryInvalid') throw cliErrorOf(options, line.error);
  }
}
