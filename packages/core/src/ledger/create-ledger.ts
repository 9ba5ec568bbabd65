import { err, ok, okAsync, type Result, ResultAsync } from 'neverthrow';
import type { Command } from '../model/command.ts';
import type { Receipt } from '../model/journal.ts';
import type { Preview } from '../model/preview.ts';
import type { Rejection } from '../model/rejection.ts';
import { parseCommand } from '../rules/parse-command.ts';
import { asCalled } from './as-called.ts';
import { CommandQueue, type ExecuteError } from './command-queue.ts';
import { type StoreFault, storeFault } from './fault.ts';
import { GroupCommit } from './group-commit.ts';
import type { Ledger } from './ledger.ts';
import { loaded } from './loaded.ts';
import { type LedgerOptions, parseOptions } from './options.ts';
import type { Reading } from './reading.ts';
import { Watches } from './watches.ts';

/**
 * Makes a ledger on a store. Nothing is read or written before the first call.
 *
 * @throws TypeError when an option is none: a mistake in the program, not in its input.
 */
export function createLedger(options: LedgerOptions): Ledger {
  const {
    store,
    clock,
    newId,
    policy,
    groupMax,
    queueMax,
    deadline,
    watchEveryMs: pollMs,
    organizationId,
    systemLocations: system,
  } = parseOptions(options);
  const commit = new GroupCommit({ store, organizationId, clock, founding: { system, policy }, deadline });
  const queue = new CommandQueue({ commit, groupMax, queueMax });
  const calls = new Calls();
  // A sale needs nothing of what looks at the ledger: that is loaded by the first look.
  let reading: Reading | null = null;
  const look = (): ResultAsync<Reading, StoreFault> =>
    reading === null
      ? loaded('reading', import('./reading.ts')).map(({ createReading }) => {
          reading ??= createReading({
            store,
            context: { organizationId, system },
            policy,
            call: read => calls.run(read),
            setTimer: deadline.setTimer,
            pollMs,
          });
          return reading;
        })
      : okAsync(reading);
  const read =
    <A extends readonly unknown[], T, E>(ask: (reading: Reading) => (...query: A) => ResultAsync<T, E>) =>
    (...query: A): ResultAsync<T, E | StoreFault> => {
      const called = query.map(asCalled) as unknown as A;
      return calls.run(() => look().andThen(reading => ask(reading)(...called)));
    };
  const watches = new Watches(
    () => calls.run(look),
    run => deadline.setTimer(run, pollMs),
  );

  const run = (command: Result<Command, Rejection>): ResultAsync<Receipt, ExecuteError> =>
    calls.run<Receipt, ExecuteError>(() =>
      command.isErr() ? Promise.resolve(err(command.error)) : queue.submit(command.value),
    );

  return {
    organizationId,
    systemLocations: system,
    newId,
    now: clock,
    execute: input => run(parseCommand(input, system)),
    executeAll: async inputs => Promise.all(Array.from(inputs, input => run(parseCommand(input, system)))),
    preview: input => {
      const command = parseCommand(input, system);
      return calls.run<Preview, StoreFault>(async () => {
        if (command.isErr()) return ok({ kind: 'WouldRefuse', reasons: [command.error] });
        const { founding } = commit;
        const ground = { store, organizationId, founding, deadline, now: clock() };
        return loaded('preview', import('./preview.ts')).andThen(
          ({ preview }) => new ResultAsync(preview(command.value, ground)),
        );
      });
    },
    balances: read(of => of.balances),
    balanceAt: read(of => of.balanceAt),
    journal: read(of => of.journal),
    postings: read(of => of.postings),
    records: read(of => of.records),
    trackedProducts: read(of => of.trackedProducts),
    lowStock: read(of => of.lowStock),
    notes: read(of => of.notes),
    policy: read(of => of.policy),
    locations: read(of => of.locations),
    watch: (query, listener) => watches.add(asCalled(query), listener),
    verify: () =>
      calls.run(() =>
        loaded('verify', import('./verify.ts')).andThen(({ verify }) => verify(store, organizationId, system)),
      ),
    close: () => {
      watches.stop();
      return calls.close(() => store.close());
    },
  };
}

/** Counts the calls under way, so that `close` can wait for them. */
class Calls {
  #open = 0;
  #closed = false;
  #end: Promise<Result<void, StoreFault>> | undefined;
  #isQuiet: () => void = () => {};

  run<T, E>(call: () => PromiseLike<Result<T, E>>): ResultAsync<T, E | StoreFault> {
    if (this.#closed) return new ResultAsync(Promise.resolve(err(storeFault('StoreClosed', 'the ledger was closed'))));
    return new ResultAsync<T, E | StoreFault>(this.#count(call));
  }

  async #count<T, E>(call: () => PromiseLike<Result<T, E>>): Promise<Result<T, E>> {
    this.#open += 1;
    try {
      return await call();
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#isQuiet();
    }
  }

  close(end: () => ResultAsync<void, StoreFault>): ResultAsync<void, StoreFault> {
    this.#closed = true;
    this.#end ??= this.#quiet().then(() => end());
    return new ResultAsync(this.#end);
  }

  #quiet(): Promise<void> {
    if (this.#open === 0) return Promise.resolve();
    return new Promise(resolve => {
      this.#isQuiet = resolve;
    });
  }
}
