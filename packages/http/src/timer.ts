import type { SetTimer } from '@stockfold/core';

/** The timer of the runtime. */
export const setRuntimeTimer: SetTimer = (run, ms) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};
