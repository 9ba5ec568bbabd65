import fc from 'fast-check';
import type { Law } from '../src/index.ts';

/** The same worlds on every run, so that a red test is red again; another seed explores others. */
export const SEED: number = Number(process.env.STOCKFOLD_SEED ?? 20_251_123);

/** Holds a law for many inputs; when it does not hold, the message says how to see that again. */
export async function hold(law: Law, numRuns: number): Promise<void> {
  const details = await fc.check(law, { seed: SEED, numRuns });
  if (!details.failed) return;
  throw new Error(`Replay: STOCKFOLD_SEED=${SEED} vitest run packages/testing\n${fc.defaultReportMessage(details)}`);
}

/** Whether a law is broken by some input. */
export async function isBroken(law: Law, numRuns: number): Promise<boolean> {
  return (await fc.check(law, { seed: SEED, numRuns, endOnFailure: true })).failed;
}
