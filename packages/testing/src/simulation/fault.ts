/**
 * What can go wrong with one call of a store:
 *
 * - `failBefore`: nothing is done, and the caller is told.
 * - `failAfter`: it is done, but the answer is lost: `OutcomeUnknown` for a commit.
 * - `crashBefore`, `crashAfter`: the process of the caller ends before or after it is done; nobody hears an answer.
 * - `late`: the caller is told that the outcome is unknown, and it is done some time later.
 * - `twice`: it is delivered and done two times; the first answer counts.
 * - `stale`: a load is answered with the rows of an earlier one.
 * - `conflict`: a commit is turned away, as if another process had changed the configuration.
 * - `hang`: nothing is done and no answer ever comes.
 * - `full`, `busy`: the store says so; reads go on.
 * - `clockJump`: the caller's clock jumps by years, forth or back; the call is done.
 */
export const FAULT_KINDS = [
  'failBefore',
  'failAfter',
  'crashBefore',
  'crashAfter',
  'late',
  'twice',
  'stale',
  'conflict',
  'hang',
  'full',
  'busy',
  'clockJump',
] as const;
/** One of {@link FAULT_KINDS}. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault at some calls. Sparse, so that fast-check shrinks a list of them to the one that matters. */
export type Fault = Readonly<{
  /** The number of the first call, from 0. */
  at: number;
  kind: FaultKind;
  /** How many calls in a row. */
  n: number;
}>;

/** The fault of a call, if it has one: the first in the list that covers it. */
export function faultAt(faults: readonly Fault[], call: number): FaultKind | undefined {
  return faults.find(({ at, n }) => call >= at && call < at + n)?.kind;
}
