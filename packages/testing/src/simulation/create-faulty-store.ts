import { type Committed, type LedgerStore, type Loaded, type StoreFault, storeFault } from '@stockfold/core';
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import { type Fault, type FaultKind, faultAt } from './fault.ts';
import { withPostings } from './with-postings.ts';

/** What the faults need of the world around the store. */
export type FaultyWorld = Readonly<{
  /** Where the call waits before it is done and before it is answered; a scheduler's `pause`. */
  pause: () => Promise<void>;
  /** Ends the process of the caller. */
  crash: () => void;
  /** Moves the caller's clock, by as much as it likes. */
  jump: () => void;
  /** The number of this call; counted over several stores when they share a list of faults. */
  nextCall: () => number;
  /** Told of every fault that came to pass. */
  onFault: (kind: FaultKind, operation: Operation) => void;
  /** How long a late effect is late. */
  later: () => Promise<void>;
  /** Told what came of a late effect. */
  onLate: (answer: Committed | undefined) => void;
}>;

/** What a ledger calls; `close` has no faults. */
export type Operation =
  | 'load'
  | 'commit'
  | 'balances'
  | 'journal'
  | 'trackedProducts'
  | 'lowStock'
  | 'notes'
  | 'locations'
  | 'postings';

/**
 * A store with faults at some of its calls. Around it stands the real thing: what is done is done by `store`.
 *
 * Without a world around it, calls are done in order and at once, a crash and a hang are calls that are never answered,
 * and a late effect comes a few ticks later.
 *
 * @example `createFaultyStore(createMemoryStore(), [{ at: 3, kind: 'failAfter', n: 1 }])`
 */
export function createFaultyStore(
  store: LedgerStore,
  faults: readonly Fault[],
  world: Partial<FaultyWorld> = {},
): LedgerStore {
  let calls = 0;
  const pause = async () => {
    for (let tick = 0; tick < 5; tick++) await null;
  };
  const around: FaultyWorld = {
    pause,
    later: pause,
    crash: () => undefined,
    jump: () => undefined,
    nextCall: () => calls++,
    onFault: () => undefined,
    onLate: () => undefined,
    ...world,
  };
  const past = new Map<string, Loaded>();

  const call = <T>(
    operation: Operation,
    perform: () => ResultAsync<T, StoreFault>,
    { old = () => undefined, conflict }: { old?: () => T | undefined; conflict?: T } = {},
  ): ResultAsync<T, StoreFault> =>
    new ResultAsync(deliver(faultAt(faults, around.nextCall()), { operation, perform, old, conflict, around }));

  return {
    durability: store.durability,
    load: (organizationId, keys, commandIds) => {
      const question = JSON.stringify([organizationId, keys, commandIds]);
      return call(
        'load',
        () => store.load(organizationId, keys, commandIds).map(loaded => remember(past, question, loaded)),
        { old: () => past.get(question) },
      );
    },
    commit: commit => call<Committed>('commit', () => store.commit(commit), { conflict: { kind: 'configChanged' } }),
    balances: query => call('balances', () => store.balances(query)),
    journal: query => call('journal', () => store.journal(query)),
    trackedProducts: query => call('trackedProducts', () => store.trackedProducts(query)),
    lowStock: query => call('lowStock', () => store.lowStock(query)),
    notes: query => call('notes', () => store.notes(query)),
    locations: organizationId => call('locations', () => store.locations(organizationId)),
    ...withPostings(store, (postings, query) => call('postings', () => postings(query))),
    close: () => store.close(),
  };
}

/** Keeps the first answer to each question: the stalest there can be. */
function remember(past: Map<string, Loaded>, question: string, loaded: Loaded): Loaded {
  if (!past.has(question)) past.set(question, loaded);
  return loaded;
}

type Call<T> = Readonly<{
  operation: Operation;
  perform: () => ResultAsync<T, StoreFault>;
  /** An answer of the past, for `stale`. */
  old: () => T | undefined;
  /** What another process's change of the configuration would answer, for `conflict`. */
  conflict: T | undefined;
  around: FaultyWorld;
}>;

/** One call: the request under way, then what happens to it. */
async function deliver<T>(kind: FaultKind | undefined, call: Call<T>): Promise<Result<T, StoreFault>> {
  await call.around.pause();
  if (kind === undefined || !concerns(kind, call)) return answered(call);
  call.around.onFault(kind, call.operation);
  return BEHAVIOURS[kind](call);
}

/** Some faults are no faults of a read. */
function concerns(kind: FaultKind, { operation, old }: Call<unknown>): boolean {
  if (kind === 'conflict' || kind === 'full' || kind === 'late') return operation === 'commit';
  return kind !== 'stale' || old() !== undefined;
}

async function answered<T>({ perform, around }: Call<T>): Promise<Result<T, StoreFault>> {
  const result = await perform();
  await around.pause();
  return result;
}

type Behaviour = <T>(call: Call<T>) => Promise<Result<T, StoreFault>>;

// A new one each time: a promise that all wait for would keep all of them in memory.
const never = () => new Promise<never>(() => undefined);

const BEHAVIOURS: Readonly<Record<FaultKind, Behaviour>> = {
  failBefore: async () => err(storeFault('StoreUnavailable', 'simulated: the call did not arrive')),
  failAfter: async call => {
    await answered(call);
    const kind = call.operation === 'commit' ? 'OutcomeUnknown' : 'StoreUnavailable';
    return err(storeFault(kind, 'simulated: the answer was lost'));
  },
  crashBefore: async ({ around }) => {
    around.crash();
    return never();
  },
  crashAfter: async call => {
    await answered(call);
    call.around.crash();
    return never();
  },
  late: async call => {
    void lateEffect(call);
    return err(storeFault('OutcomeUnknown', 'simulated: the answer did not come in time'));
  },
  twice: async call => {
    const first = await call.perform();
    await call.perform();
    await call.around.pause();
    return first;
  },
  stale: async call => {
    const old = call.old();
    const fresh = await answered(call);
    return old === undefined ? fresh : fresh.map(() => old);
  },
  conflict: async call => {
    await call.around.pause();
    return call.conflict === undefined ? answered(call) : ok(call.conflict);
  },
  hang: never,
  full: async () => err(storeFault('StoreFull', 'simulated: no room is left')),
  busy: async () => err(storeFault('StoreBusy', 'simulated: another writer holds the store')),
  clockJump: async call => {
    call.around.jump();
    return answered(call);
  },
};

async function lateEffect<T>({ perform, around }: Call<T>): Promise<void> {
  await around.later();
  const result = await perform();
  around.onLate(result.isOk() ? (result.value as Committed) : undefined);
}
