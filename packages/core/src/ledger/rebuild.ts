import { err, errAsync, ok, type ResultAsync, safeTry } from 'neverthrow';
import type { Breach, Breaches } from '../rules/audit.ts';
import { type StoreFault, storeFault } from './fault.ts';
import { type LedgerOptions, parseOptions } from './options.ts';
import { damageOf, planRepair } from './repair-plan.ts';
import type { LedgerStore, Upkeep } from './store.ts';
import { verify } from './verify.ts';

/** What a rebuild has come to. */
export type Rebuilt = Readonly<{
  /** What was wrong before. */
  found: Breaches;
  /** The fault with which reading ended before: a row was damaged so that it could not be read. */
  fault: StoreFault | null;
  /** What is still wrong: what a journal does not say, or what is wrong with the journal itself. Empty when all is well. */
  left: Breaches;
}>;

/** Whose rows are rebuilt: options as of `createLedger`. */
export type RebuildOptions = Pick<LedgerOptions, 'store' | 'organizationId' | 'systemLocations'>;

/**
 * Writes rows anew as the journal makes them, wherever `verify` finds others: the head, locations, tracking, products of
 * variants, the policy, low-stock rules, notes, balances and their past. The journal itself is never written: where it is not
 * whole, or cannot be read, nothing is made of it.
 *
 * Each step is one transaction, guarded by the last sequence; it takes the time of `verify` a few times over. Handles that
 * were open before, here and in other processes, are to be opened again: they may remember rows that were lost.
 *
 * @returns What was wrong, and what still is; `StoreFailed` for a journal that cannot be read, or a store that mends nothing: an
 *   export of it can be imported into a new one.
 */
export function rebuild(options: RebuildOptions): ResultAsync<Rebuilt, StoreFault> {
  const { store, organizationId, systemLocations: system } = parseOptions(options);
  const { upkeep } = store;
  if (upkeep === undefined)
    return errAsync(storeFault('StoreFailed', 'this store mends nothing: import its journal into a new one'));
  const check = () => verify(store, organizationId, system);
  return safeTry(async function* () {
    const first = await check();
    if (first.isErr() && first.error.kind !== 'StoreFailed') return err(first.error);
    const fault = first.isErr() ? first.error : null;
    const found = first.isOk() ? first.value.breaches : [];
    if (fault !== null || found.some(isOfHead)) yield* await upkeep.mendHead(organizationId, Object.values(system));
    // What cannot be read is a setting or a note, if it is not the journal: all of them are few.
    if (fault !== null) yield* await mendSettings({ store, upkeep }, organizationId);
    let left = (yield* await check()).breaches;
    for (let tried = ''; !left.some(isOfJournal); ) {
      const damage = damageOf(left);
      // What is the same after it was written over is nothing that rows can put right.
      if (damage === null || tried === JSON.stringify(left)) break;
      const repair = yield* await planRepair(store, organizationId, damage);
      // Where somebody has written meanwhile, it is looked for again.
      if ((yield* await upkeep.mend(repair)) === 'mended') tried = JSON.stringify(left);
      left = (yield* await check()).breaches;
    }
    return ok({ found, fault, left });
  });
}

function mendSettings(
  { store, upkeep }: Readonly<{ store: LedgerStore; upkeep: Upkeep }>,
  organizationId: Parameters<typeof planRepair>[1],
): ResultAsync<void, StoreFault> {
  return safeTry(async function* () {
    while ((yield* await upkeep.mend(yield* await planRepair(store, organizationId, null))) === 'stale');
    return ok();
  });
}

/** A head that is gone, or behind its journal. */
function isOfHead(breach: Breach): boolean {
  return breach.invariant === 'sequenceIsDense' || (breach.invariant === 'countsAgree' && breach.what === 'head');
}

/** A journal that is not whole says nothing of what follows from it. */
function isOfJournal({ invariant }: Breach): boolean {
  return invariant === 'sequenceIsDense' || invariant === 'recordsOnce';
}
