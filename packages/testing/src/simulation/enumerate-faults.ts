import { FAULT_KINDS, type Fault } from './fault.ts';
import { noStates } from './observe-store.ts';
import { runWorld, type Subject } from './run-world.ts';
import type { Violation } from './violation.ts';
import type { SimulatedWorld } from './world.ts';

/** What is enumerated: the faults of one world, on one subject. */
export type EnumerationOptions = Subject &
  Readonly<{
    /** A world without faults of its own. */
    scenario: Omit<SimulatedWorld, 'faults' | 'order'>;
    /** Orders to run every placement of a single fault in; 0, 1 and 2 when absent. */
    orders?: readonly number[] | undefined;
    /** Whether all pairs of faults are placed too; they are when absent. */
    pairs?: boolean | undefined;
  }>;

/** What an enumeration has come to. */
export type EnumerationReport = Readonly<{
  /** Runs with at least one fault in the list. */
  placements: number;
  /** Calls of the store in the run without faults. */
  calls: number;
  failures: readonly Readonly<{ world: SimulatedWorld; violations: readonly Violation[] }>[];
}>;

// A retry makes calls that the run without faults does not.
const CALLS_AFTER_THE_END = 6;

/**
 * Places every fault at every call of the store, once and three in a row, and then every pair of faults, and runs the
 * world each time: nothing is left to chance.
 *
 * @see https://sqlite.org/testing.html, which fails the first call of a test, then the second, and so on to the last.
 */
export async function enumerateFaults(options: EnumerationOptions): Promise<EnumerationReport> {
  const { scenario, orders = [0, 1, 2], pairs = true } = options;
  const states = noStates();
  const failures: EnumerationReport['failures'][number][] = [];
  const run = async (faults: readonly Fault[], order: number): Promise<number> => {
    const world: SimulatedWorld = { ...scenario, faults, order };
    const report = await runWorld(world, options, states);
    if (report.violations.length > 0) failures.push({ world, violations: report.violations });
    return report.calls;
  };
  const calls = await run([], 0);
  let placements = 0;
  for (const faults of singles(calls + CALLS_AFTER_THE_END)) {
    for (const order of orders) {
      await run(faults, order);
      placements += 1;
    }
  }
  for (const faults of pairs ? pairsOf(calls + CALLS_AFTER_THE_END) : []) {
    await run(faults, 0);
    placements += 1;
  }
  return { placements, calls, failures };
}

function* singles(calls: number): Generator<readonly Fault[]> {
  for (let at = 0; at < calls; at++) for (const kind of FAULT_KINDS) for (const n of [1, 3]) yield [{ at, kind, n }];
}

function* pairsOf(calls: number): Generator<readonly Fault[]> {
  for (let first = 0; first < calls; first++)
    for (let second = first + 1; second < calls; second++)
      for (const one of FAULT_KINDS)
        for (const other of FAULT_KINDS)
          yield [
            { at: first, kind: one, n: 1 },
            { at: second, kind: other, n: 1 },
          ];
}
