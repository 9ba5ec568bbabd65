import type { Outcome, Rush } from './rush.ts';

/** What a checkout promises, each as a sentence that a shopkeeper could check. */
export const PROMISES: Readonly<Record<string, (outcome: Outcome, rush: Rush) => boolean>> = {
  'the shelf never falls below zero': ({ left }) => left >= 0,
  'what is gone from the shelf is what customers have': ({ sold, left }, { stock }) => sold + left === stock,
  'who has paid has the goods, and who has the goods has paid': ({ sold, paid }) => sold === paid,
};

/** The promises that an outcome breaks. */
export const brokenBy = (outcome: Outcome, rush: Rush): readonly string[] =>
  Object.keys(PROMISES).filter(promise => PROMISES[promise]?.(outcome, rush) !== true);
