import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Runs concurrent code in an order that a number decides, on a clock of its own. */
export type Scheduler = Readonly<{
  /** Milliseconds of the virtual clock; it moves only when nobody can go on without. */
  now: () => number;
  /** How many times somebody was let go on: the time by which events of a run can be compared. */
  step: () => number;
  /** Waits until the scheduler picks this one of all that wait. */
  pause: () => Promise<void>;
  /** Calls `run` after that long on the virtual clock, unless the function it gives is called before. */
  setTimer: (run: () => void, ms: number) => () => void;
  /** Waits that long on the virtual clock. */
  sleep: (ms: number) => Promise<void>;
  /**
   * Starts the tasks and lets them go on, one at a time, until all have ended.
   *
   * @throws Stuck when nobody can go on, or the step budget is used up.
   */
  run: (tasks: readonly (() => Promise<unknown>)[]) => Promise<void>;
}>;

/** A run that would never end: a bug of liveness. */
export class Stuck extends Error {}

/** In which order, and for how long at most. */
export type SchedulerOptions = Readonly<{
  /** 0: first come, first served. Any other number: another order, always the same one. */
  order: number;
  /** The most steps of a run. */
  steps?: number | undefined;
  /** Whether real work is under way that has to end before anybody goes on. */
  isBusy?: (() => boolean) | undefined;
}>;

const STEPS_MAX = 50_000;
// Between two steps everything that was let go runs on to its next pause; a chain of promises takes a tick each link.
const TICKS_PER_STEP = 40;
// A turn of the event loop is a millisecond or more.
const BUSY_TURNS_MAX = 20_000;
/** When each world begins, by the virtual clock. */
export const START_AT_MS = 1_600_000_000_000;

type Timer = Readonly<{ at: number; resume: () => void }>;

/**
 * Makes a scheduler. The same order and the same tasks give the same run, to the step.
 *
 * @example
 * const scheduler = createScheduler({ order: 7 });
 * await scheduler.run([async () => { await scheduler.pause(); }, async () => { await scheduler.sleep(10); }]);
 */
export function createScheduler({ order, steps = STEPS_MAX, isBusy = () => false }: SchedulerOptions): Scheduler {
  const random = xoroshiro128plus(order);
  const waiting: (() => void)[] = [];
  const timers: Timer[] = [];
  let now = START_AT_MS;
  let step = 0;

  const next = (): (() => void) | undefined => {
    if (waiting.length === 0) wake();
    const index = order === 0 || waiting.length < 2 ? 0 : uniformInt(random, 0, waiting.length - 1);
    return waiting.splice(index, 1)[0];
  };
  const wake = () => {
    const [first] = timers.sort((a, b) => a.at - b.at);
    if (first === undefined) return;
    now = Math.max(now, first.at);
    timers.shift();
    waiting.push(first.resume);
  };

  const setTimer = (run: () => void, ms: number) => {
    const timer: Timer = { at: now + ms, resume: run };
    timers.push(timer);
    return () => {
      const index = timers.indexOf(timer);
      if (index >= 0) timers.splice(index, 1);
    };
  };

  return {
    now: () => now,
    step: () => step,
    pause: () => new Promise(resume => waiting.push(resume)),
    setTimer,
    sleep: ms => new Promise(resume => void setTimer(resume, ms)),
    run: async tasks => {
      let running = tasks.length;
      const failures: unknown[] = [];
      for (const task of tasks)
        task().then(
          () => running--,
          error => {
            running--;
            failures.push(error);
          },
        );
      await settle(isBusy);
      while (running > 0 && failures.length === 0) {
        if (step >= steps) throw new Stuck(`the run was not over after ${steps} steps`);
        const resume = next() ?? (await patiently(next, () => running > 0 && failures.length === 0));
        if (resume === undefined) continue;
        step++;
        resume();
        await settle(isBusy);
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

async function settle(isBusy: () => boolean): Promise<void> {
  await tick();
  for (let turn = 0; isBusy(); turn++) {
    if (turn >= BUSY_TURNS_MAX) throw new Stuck('a call of the store never ends');
    await new Promise(resolve => setTimeout(resolve, 0));
    await tick();
  }
}

async function tick(): Promise<void> {
  for (let count = 0; count < TICKS_PER_STEP; count++) await null;
}

/** For stores that do real work: it waits a little for somebody to come back before it gives up. */
async function patiently(
  next: () => (() => void) | undefined,
  wanted: () => boolean,
): Promise<(() => void) | undefined> {
  for (let tries = 0; tries < 200 && wanted(); tries++) {
    await new Promise(resolve => setTimeout(resolve, tries < 20 ? 0 : 10));
    const resume = next();
    if (resume !== undefined) return resume;
  }
  if (wanted()) throw new Stuck('nobody can go on: somebody waits for an answer that never comes');
  return undefined;
}
