import { createLedger, describeError, type LedgerError, lastSeal, seal } from '@stockfold/core';
import { CliError } from './cli-error.ts';
import { type BooksOptions, nothingThere, openBooks, organizationOf } from './open-books.ts';

/** Seals the journal, and prints up to which record and with which digest. */
export async function sealBooks(options: BooksOptions): Promise<void> {
  const organizationId = organizationOf(options);
  const ledger = createLedger({ store: await openBooks(options.db), organizationId });
  try {
    const head = await ledger.journal({ limit: 1 });
    if (head.isErr()) throw failed(head.error);
    if (head.value.asOf === 0) throw nothingThere(options);
    const sealed = await seal(ledger, { id: ledger.newId() }).andThen(() => lastSeal(ledger));
    if (sealed.isErr()) throw failed(sealed.error);
    console.log(`${sealed.value?.through} ${sealed.value?.digest}`);
  } finally {
    await ledger.close();
  }
}

function failed(error: LedgerError): CliError {
  return new CliError(`the journal was not sealed: ${describeError(error)} (${error.kind}).`);
}
