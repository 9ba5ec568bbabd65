import fc from 'fast-check';
import { noStates, STATES, type State, type States } from './observe-store.ts';
import { runWorld, type Subject } from './run-world.ts';
import type { Violation } from './violation.ts';
import { type SimulatedWorld, simulatedWorld } from './world.ts';

/** What to simulate, and how much of it. */
export type SimulationOptions = Subject &
  Readonly<{
    /** A 32-bit integer; the same one gives the same worlds, on every machine. */
    seed: number;
    /** How many worlds; 1,000 when absent. */
    worlds?: number | undefined;
    /** No new world begins after this time, in milliseconds; there is no limit when absent. */
    timeLimitMs?: number | undefined;
    /** Where in the run to begin: the `path` of a failure, to run its world alone. */
    path?: string | undefined;
  }>;

/** A world that breaks a promise, made as small as could be. */
export type SimulationFailure = Readonly<{
  world: SimulatedWorld;
  violations: readonly Violation[];
  /** Given to `simulate` with the seed, it runs this world alone. */
  path: string;
  /** How many times it could be made smaller. */
  shrinks: number;
}>;

/** What a simulation has come to. */
export type SimulationReport = Readonly<{
  /** True when every promise was kept in every world. */
  ok: boolean;
  /** The number that all its worlds were drawn from: the same one gives the same worlds. */
  seed: number;
  worlds: number;
  commands: number;
  /** Calls of the store. */
  calls: number;
  faults: number;
  states: States;
  /** States that were never met: about these the simulation has shown nothing. */
  blind: readonly State[];
  failure: SimulationFailure | null;
}>;

class PromiseBroken extends Error {
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violations.map(violation => violation.promise).join(', '));
    this.violations = violations;
  }
}

/**
 * Simulates worlds: processes that share a store, clients that retry, and faults at the store's calls, in an order
 * that the seed decides, on a virtual clock. After each world, with all faults healed, everything that a ledger
 * promises is held against what happened. The first world that breaks a promise is made smaller by fast-check.
 *
 * @throws Whatever a world threw that is no broken promise: a bug of the subject or of the simulation.
 * @example `const report = await simulate({ seed: 7, worlds: 500, openStore: () => createMemoryStore() })`
 */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const { seed, worlds = 1_000, timeLimitMs, path } = options;
  const states = noStates();
  const sum = { worlds: 0, commands: 0, calls: 0, faults: 0 };
  const property = fc.asyncProperty(simulatedWorld, async world => {
    const report = await runWorld(world, options, states);
    sum.worlds += 1;
    sum.commands += report.commands;
    sum.calls += report.calls;
    sum.faults += report.faults;
    if (report.violations.length > 0) throw new PromiseBroken(report.violations);
  });
  const details = await fc.check(property, {
    seed,
    numRuns: worlds,
    ...(path === undefined ? {} : { path }),
    ...(timeLimitMs === undefined ? {} : { interruptAfterTimeLimit: timeLimitMs }),
  });
  const error = details.errorInstance;
  if (error !== null && error !== undefined && !(error instanceof PromiseBroken)) throw error;
  const failure =
    details.counterexample === null || !(error instanceof PromiseBroken)
      ? null
      : {
          world: details.counterexample[0],
          violations: error.violations,
          path: details.counterexamplePath ?? '',
          shrinks: details.numShrinks,
        };
  const blind = STATES.filter(state => states[state] === 0);
  return { ok: failure === null, seed, ...sum, states, blind, failure };
}

/** A failure as people read it: the world, what it broke, and the line that runs it again. */
export function describeFailure({ seed, failure }: SimulationReport): string {
  if (failure === null) return 'every promise was kept';
  const { world, violations, path, shrinks } = failure;
  return [
    `broken: ${[...new Set(violations.map(violation => violation.promise))].join(', ')}`,
    `world (made smaller ${shrinks} times): ${JSON.stringify(world)}`,
    `where it shows: ${JSON.stringify(violations)}`,
    `again: simulate({ seed: ${seed}, path: '${path}', … })`,
  ].join('\n');
}
