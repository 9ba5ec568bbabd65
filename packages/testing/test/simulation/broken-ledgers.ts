import {
  type CommandInput,
  createLedger,
  type Ledger,
  type LedgerOptions,
  type LedgerStore,
  type Loaded,
  type Receipt,
} from '@stockfold/core';
import { errAsync, ok, okAsync, ResultAsync } from 'neverthrow';

/** Breaks one thing about what stands between a caller and the store. */
export type BrokenLedger = (options: LedgerOptions) => Ledger;

/** A ledger on a store that is broken where the process stands: in front of everything that can go wrong. */
export const withStore =
  (breakStore: (store: LedgerStore) => LedgerStore): BrokenLedger =>
  options =>
    createLedger({ ...options, store: breakStore(options.store) });

/** Takes an unknown outcome for a failure: the caller is told that nothing happened. */
export const takesUnknownForFailed: BrokenLedger = options => {
  const ledger = createLedger(options);
  return {
    ...ledger,
    execute: command =>
      ledger
        .execute(command)
        .mapErr(error =>
          error.kind === 'OutcomeUnknown' ? { kind: 'LocationUnknown', retry: 'never', locations: [] } : error,
        ),
  };
};

/** Tries again under a new id when the outcome is unknown. */
export const takesNewIdForRetry: BrokenLedger = options => {
  const ledger = createLedger(options);
  let retries = 0;
  const renamed = (command: CommandInput): CommandInput => ({
    ...command,
    id: command.id.replace(/^0000000d/, `1000${String(retries++).padStart(4, '0')}`),
  });
  return {
    ...ledger,
    execute: command =>
      ledger
        .execute(command)
        .orElse(error => (error.kind === 'OutcomeUnknown' ? ledger.execute(renamed(command)) : errAsync(error))),
  };
};

/** Acknowledges when the commit is sent, and not when it is done. */
export const acknowledgesEarly: BrokenLedger = withStore(store => {
  let next = 1;
  return {
    ...store,
    commit: commit => {
      void store.commit(commit);
      const firstSequence = next;
      next += commit.records.length;
      const answer = { kind: 'committed', firstSequence, recordedAt: commit.at, before: [], known: [] } as const;
      return new ResultAsync(Promise.resolve(ok(answer)));
    },
  };
});

/** Decides on what it has read before, also when it refuses. */
export const refusesOnCachedRows: BrokenLedger = withStore(store => {
  const cache = new Map<string, Loaded>();
  return {
    ...store,
    load: (organizationId, keys, ids) => {
      const cached = cache.get(JSON.stringify(keys));
      if (cached === undefined)
        return store.load(organizationId, keys, ids).map(loaded => {
          cache.set(JSON.stringify(keys), loaded);
          return loaded;
        });
      return store.load(organizationId, keys, ids).map(({ slice, known }) => ({
        slice: {
          ...cached.slice,
          configVersion: slice.configVersion,
          locations: slice.locations,
          tracked: slice.tracked,
        },
        known,
      }));
    },
  };
});

/** Looks for the command id only when it commits, so a retry may be refused before. */
export const refusesBeforeItLooksForTheId: BrokenLedger = withStore(store => ({
  ...store,
  load: (organizationId, keys) => store.load(organizationId, keys, []),
}));

/** Gives a replay the place of the last record. */
export const recomputesReplays: BrokenLedger = options => {
  const ledger = createLedger(options);
  const moved = (receipt: Receipt) =>
    ledger
      .journal()
      .map(({ asOf }) => ({ ...receipt, sequence: asOf }))
      .orElse(() => okAsync(receipt));
  return {
    ...ledger,
    execute: command =>
      ledger.execute(command).andThen(receipt => (receipt.replayed ? moved(receipt) : okAsync(receipt))),
  };
};

/** Sends every commit two times, the second one under another id, as a retrying proxy without keys does. */
export const sendsTwice: BrokenLedger = withStore(store => ({
  ...store,
  commit: commit =>
    store.commit(commit).map(answer => {
      const records = commit.records.map(record => ({
        ...record,
        commandId: record.commandId.replace(/^0000000d/, '2000000d') as typeof record.commandId,
      }));
      if (answer.kind === 'committed') void store.commit({ ...commit, records, config: [] });
      return answer;
    }),
}));

/** Takes `stale` for done. */
export const takesStaleForDone: BrokenLedger = withStore(store => ({
  ...store,
  commit: commit =>
    store
      .commit(commit)
      .map(answer =>
        answer.kind === 'stale'
          ? { kind: 'committed', firstSequence: 1, recordedAt: commit.at, before: answer.before, known: [] }
          : answer,
      ),
}));

/** Checks what is expected when it decides, and no longer when it commits. */
export const expectsTooEarly: BrokenLedger = withStore(store => ({
  ...store,
  commit: commit => store.commit({ ...commit, balances: commit.balances.map(({ max: _, ...change }) => change) }),
}));

/** Never gives up its first policy: it plans without the floors that are stored. */
export const forgetsFloors: BrokenLedger = ({ policy: _, ...options }) => createLedger(options);

/** Gives pages of balances from the time it was opened. */
export const readsOnce: BrokenLedger = options => {
  const ledger = createLedger(options);
  let first: ReturnType<Ledger['balances']> | undefined;
  return {
    ...ledger,
    balances: query => {
      first ??= ledger.balances(query);
      return first;
    },
  };
};

/** Has a clock that is ahead of everybody's: nothing that a command says can be later. */
export const letsTimesRunAhead: BrokenLedger = options =>
  createLedger({ ...options, clock: () => Number.MAX_SAFE_INTEGER });

/** Leaves no source out of its feed. */
export const hearsItself: BrokenLedger = options => {
  const ledger = createLedger(options);
  return { ...ledger, journal: query => ledger.journal({ ...query, exceptSource: undefined }) };
};

/** Previews a command as if it had never been sent. */
export const previewsAsNew: BrokenLedger = options => {
  const ledger = createLedger(options);
  return { ...ledger, preview: command => ledger.preview({ ...command, id: ledger.newId() }) };
};

/** Previews no more than the first reason. */
export const previewsOneReason: BrokenLedger = options => {
  const ledger = createLedger(options);
  return {
    ...ledger,
    preview: command =>
      ledger
        .preview(command)
        .map(made => (made.kind === 'WouldRefuse' ? { ...made, reasons: made.reasons.slice(0, 1) } : made)),
  };
};

/** Gives back what was held, and leaves the hold open: who gives it up twice has the stock twice. */
export const leavesReleasedHoldsOpen: BrokenLedger = options => {
  const ledger = createLedger(options);
  const withoutEnd = (command: CommandInput): CommandInput => {
    if (command.kind !== 'RecordMovements' || command.lines?.length !== 0) return command;
    const isEnd = command.notes?.some(({ kind, body }) => kind === 'held' && body === null) === true;
    return isEnd ? { ...command, notes: command.notes?.filter(({ kind }) => kind === 'reserved') } : command;
  };
  return { ...ledger, execute: command => ledger.execute(withoutEnd(command)) };
};

/** Takes what is posted from the shelf, and goes on promising it: a hold counts against itself. */
export const promisesWhatWasPosted: BrokenLedger = options => {
  const ledger = createLedger(options);
  const withoutPromise = (command: CommandInput): CommandInput =>
    command.kind === 'RecordMovements' && command.request !== undefined && (command.lines?.length ?? 0) > 0
      ? { ...command, notes: command.notes?.filter(({ kind }) => kind !== 'reserved') }
      : command;
  return { ...ledger, execute: command => ledger.execute(withoutPromise(command)) };
};

/** Has a clock for holds that stands: none of them expires for those who sell. */
export const letsNoHoldExpire: BrokenLedger = options => {
  const ledger = createLedger({ ...options, clock: () => 0 });
  return { ...ledger, now: options.clock ?? Date.now };
};
