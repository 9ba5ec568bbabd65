import type { Breaches, Ledger, LedgerOptions } from '@stockfold/core';
import type fc from 'fast-check';

/**
 * Opens a ledger on a fresh, empty store. The law closes it.
 *
 * @example `options => createLedger({ store: createMemoryStore(), ...options })`
 */
export type OpenLedger = (options: Omit<LedgerOptions, 'store'>) => Ledger | Promise<Ledger>;

/** Something that holds for any input, to be given to `fc.assert`. */
export type Law = fc.IAsyncProperty<unknown>;

/** Runs the body of a law on a fresh ledger, which is closed whatever happens. */
export async function onLedger(
  open: OpenLedger,
  options: Omit<LedgerOptions, 'store'>,
  body: (ledger: Ledger) => Promise<void>,
): Promise<void> {
  const ledger = await open(options);
  try {
    await body(ledger);
  } finally {
    await ledger.close();
  }
}

/** Throws when an invariant is breached, with the breaches. */
export function assertNone(breaches: Breaches): void {
  if (breaches.length > 0) throw new Error(`breached: ${JSON.stringify(breaches)}`);
}

/** Throws when something that a law relies on is not so. */
export function assertThat(holds: boolean, fact: string): void {
  if (!holds) throw new Error(`not so: ${fact}`);
}
