import { type Commit, type Committed, type SetTimer, type StoreFault, storeFault } from '@stockfold/core';
import { ResultAsync } from 'neverthrow';
import { type Attempt, commitIn } from './commit.ts';
import { Connection } from './connection.ts';
import { toStoreFault } from './fault.ts';
import { readIncarnation } from './incarnation.ts';
import { openDatabase } from './open-database.ts';
import type { IndexedDbStore, IndexedDbStoreOptions, StoreStatus } from './options.ts';
import { askToPersist } from './persistence.ts';
import { readSlice } from './read.ts';
import { RememberedVariants } from './remembered-variants.ts';
import { createSchema, LEDGER_STORES, MOVEMENT_STORES, SCHEMA_VERSION, type StoreName } from './schema.ts';
import type { Open } from './transaction.ts';
import type { Loss, Witness } from './witness.ts';

const OPEN_TIMEOUT_MS = 10_000;
const SLICE_STORES: readonly StoreName[] = ['heads', 'locations', 'products', 'variants', 'records'];
// A transaction takes longer to open the more stores it names.
const NOW: readonly StoreName[] = ['heads', 'variants'];
const PAST: readonly StoreName[] = [...NOW, 'pasts'];

/** The store itself, with what remembers its database outside of it. */
export function createEngine(options: IndexedDbStoreOptions, witness: Witness): IndexedDbStore {
  const { name, onLost, persist = true, openTimeoutMs = OPEN_TIMEOUT_MS, setTimer = setRuntimeTimer } = options;
  const remembered = new RememberedVariants();
  let persisted: Promise<boolean | null> | null = null;
  let lost: Loss | null = null;

  const connect = async () => {
    const db = await openDatabase({
      name,
      version: SCHEMA_VERSION,
      create: createSchema,
      timeoutMs: openTimeoutMs,
      setTimer,
    });
    persisted ??= persist ? askToPersist() : Promise.resolve(null);
    try {
      const loss = await witness.settle(db);
      if (loss !== null) {
        lost = loss;
        onLost?.(loss);
      }
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  };
  const connection = new Connection(connect, () => remembered.forget());

  return {
    durability: 'device',
    load: (organizationId, keys, commandIds) => {
      const names: readonly StoreName[] = keys.notes === undefined ? SLICE_STORES : [...SLICE_STORES, 'notes'];
      const body = (open: Open) => readSlice(open, organizationId, keys, commandIds);
      return asResult(connection.run(names, 'readonly', body));
    },
    commit: commit => asResult(commitOn(connection, commit, remembered, witness)),
    balances: query => read(query.asOf === undefined ? NOW : PAST, (reads, open) => reads.readBalances(open, query)),
    journal: query => read(['heads', 'records'], (reads, open) => reads.readJournal(open, query)),
    trackedProducts: query => read(['heads', 'products'], (reads, open) => reads.readTrackedProducts(open, query)),
    notes: query => read(['heads', 'notes'], (reads, open) => reads.readNotes(open, query)),
    lowStock: query => read(['heads', 'lowStock'], (reads, open) => reads.readLowStock(open, query)),
    locations: organizationId => read(['locations'], (reads, open) => reads.readLocations(open, organizationId)),
    postings: query => read(PAST, (reads, open) => reads.readPostings(open, query)),
    upkeep: {
      census: organizationId => maintain('readonly', (work, open) => work.takeCensus(open, organizationId)),
      mendHead: organizationId => maintain('readwrite', (work, open) => work.mendHead(open, organizationId)),
      mend: repair => maintain('readwrite', (work, open) => work.mend(open, repair)),
    },
    status: () => asResult(statusOf()),
    close: () => asResult(end()),
  };

  // What no sale needs is in files of its own, which a page loads when it asks.

  function read<T>(
    names: readonly StoreName[],
    body: (reads: typeof import('./reads.ts'), open: Open) => Promise<T>,
  ): ResultAsync<T, StoreFault> {
    return asResult(connection.runBy(import('./reads.ts').catch(codeFault), names, 'readonly', body));
  }

  function maintain<T>(
    mode: 'readonly' | 'readwrite',
    body: (work: typeof import('./upkeep.ts'), open: Open) => Promise<T>,
  ): ResultAsync<T, StoreFault> {
    const done = connection.runBy(import('./upkeep.ts').catch(codeFault), LEDGER_STORES, mode, body);
    return asResult(done.finally(() => remembered.forget()));
  }

  async function end(): Promise<void> {
    await connection.close();
    witness.close();
  }

  async function statusOf(): Promise<StoreStatus> {
    const incarnation = await readIncarnation(await connection.open());
    return { persisted: await persisted, incarnation, lost };
  }
}

async function commitOn(
  connection: Connection,
  commit: Commit,
  remembered: RememberedVariants,
  witness: Witness,
): Promise<Committed> {
  let isWitnessed = false;
  const body = (open: Open): Promise<Attempt> =>
    commitIn(open, commit, remembered, written => {
      witness.beforeWrite(written);
      isWitnessed = true;
    });
  try {
    const { answer, ground, written } = await connection.run(storesOf(commit), 'readwrite', body);
    const now = written?.head.sequence ?? ground.head.sequence;
    const rows = [...ground.rows.values(), ...(written?.rows.variants ?? [])];
    remembered.learn(commit.organizationId, ground.head.sequence, now, rows);
    return answer;
  } catch (error) {
    remembered.forget();
    if (isWitnessed) undo(witness, error);
    throw error;
  }
}

/** Only the stores that a commit writes. */
function storesOf({ config, notes, assumed }: Commit): readonly StoreName[] {
  if (config.length + assumed.length > 0) return LEDGER_STORES;
  return notes === undefined ? MOVEMENT_STORES : [...MOVEMENT_STORES, 'notes'];
}

function undo(witness: Witness, error: unknown): void {
  try {
    witness.undone();
  } catch {
    throw storeFault('OutcomeUnknown', 'the journal could not take a commit back', error);
  }
}

function codeFault(cause: unknown): never {
  throw storeFault('StoreUnavailable', 'the code of this call could not be loaded', cause);
}

function asResult<T>(promise: Promise<T>): ResultAsync<T, StoreFault> {
  return ResultAsync.fromPromise(promise, error => toStoreFault(error, 'reading'));
}

const setRuntimeTimer: SetTimer = (run, ms) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};
