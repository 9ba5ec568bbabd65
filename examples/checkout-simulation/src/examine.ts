import fc from 'fast-check';
import type { Checkout } from './checkout.ts';
import { brokenBy } from './promises.ts';
import { type Outcome, type Rush, run, rushes } from './rush.ts';

/** How a checkout is examined: the same seed draws the same rushes, and a path leads to the one that failed. */
export type Examination = Readonly<{ seed: number; worlds: number; path?: string | undefined }>;

/** What the examination came to; `failure` is the smallest rush that breaks a promise. */
export type Verdict = Readonly<{
  worlds: number;
  failure: Readonly<{ rush: Rush; outcome: Outcome; broken: readonly string[]; path: string; shrinks: number }> | null;
}>;

/** Lets a checkout stand many rushes. A rush in which it breaks a promise is made as small as can be. */
export async function examine(checkout: Checkout, { seed, worlds, path }: Examination): Promise<Verdict> {
  const keepsItsPromises = fc.asyncProperty(
    rushes,
    async rush => brokenBy(await run(rush, checkout), rush).length === 0,
  );
  const details = await fc.check(keepsItsPromises, {
    seed,
    numRuns: worlds,
    ...(path === undefined ? {} : { path }),
  });
  // A bug of the checkout that throws, or one that never comes to an end, is none of the promises.
  if (details.errorInstance instanceof Error && details.counterexample === null) throw details.errorInstance;
  if (details.counterexample === null) return { worlds: details.numRuns, failure: null };
  const [rush] = details.counterexample;
  const outcome = await run(rush, checkout);
  return {
    worlds: details.numRuns,
    failure: {
      rush,
      outcome,
      broken: brokenBy(outcome, rush),
      path: details.counterexamplePath ?? '',
      shrinks: details.numShrinks,
    },
  };
}
