import type { SetTimer } from '@stockfold/core';

/** Lets everything that waits for nothing but microtasks and sockets' events come to rest. */
export async function rest(turns = 50): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise(resolve => setImmediate(resolve));
}

type Timer = Readonly<{ run: () => void; ms: number; at: number }>;

/** Timers and a clock that go on when the test says so. */
export type HandTimers = Readonly<{
  setTimer: SetTimer;
  clock: () => number;
  timers: ReadonlySet<Timer>;
  /** Lets one timer of this length run out, once there is one. */
  runOut: (ms: number) => Promise<void>;
  /** Moves the clock on to the timer that is due next, and lets it run out. */
  next: () => void;
}>;

export function handTimers(): HandTimers {
  const timers = new Set<Timer>();
  let now = Date.UTC(2026, 0, 1);
  const fire = (timer: Timer) => {
    timers.delete(timer);
    now = Math.max(now, timer.at);
    timer.run();
  };
  return {
    setTimer: (run, ms) => {
      const timer = { run, ms, at: now + ms };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    clock: () => now,
    timers,
    runOut: async ms => {
      for (;;) {
        const timer = [...timers].find(candidate => candidate.ms === ms);
        if (timer !== undefined) return fire(timer);
        await rest(1);
      }
    },
    next: () => {
      const [timer] = [...timers].sort((a, b) => a.at - b.at);
      if (timer === undefined) throw new Error('nothing waits');
      fire(timer);
    },
  };
}
