import { err, type Result } from 'neverthrow';
import type { StoreFault } from './fault.ts';

/** Calls `run` after that many milliseconds, unless the function it gives is called before. */
export type SetTimer = (run: () => void, ms: number) => () => void;

/** How long a store may take, and whose clock says so. */
export type Deadline = Readonly<{ setTimer: SetTimer; timeoutMs: number }>;

const TURNS_MAX = 10;

/**
 * The answer of a call, or a fault when it takes too long: a store that hangs must not hold up all that wait.
 *
 * A store in this process answers within a breath and is given one before there is a timer, which would cost as much as
 * deciding a command: as many turns of the microtask queue as a store with a few functions that await takes.
 */
export async function withDeadline<T>(
  call: PromiseLike<Result<T, StoreFault>>,
  deadline: Deadline,
  late: () => StoreFault,
): Promise<Result<T, StoreFault>> {
  let answered: Result<T, StoreFault> | null = null;
  const answer = call.then(value => (answered = value));
  for (let turn = 0; turn < TURNS_MAX && answered === null; turn++) await null;
  return answered ?? race(answer, deadline, late);
}

function race<T>(
  call: PromiseLike<Result<T, StoreFault>>,
  { setTimer, timeoutMs }: Deadline,
  late: () => StoreFault,
): Promise<Result<T, StoreFault>> {
  return new Promise((resolve, reject) => {
    const cancel = setTimer(() => resolve(err(late())), timeoutMs);
    Promise.resolve(call).finally(cancel).then(resolve, reject);
  });
}

// Core is typed without any platform; every runtime it runs in has these globals.
declare function setTimeout(run: () => void, ms: number): unknown;
declare function clearTimeout(timer: unknown): void;

/** The timer of the runtime. */
export const setRuntimeTimer: SetTimer = (run, ms) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};
