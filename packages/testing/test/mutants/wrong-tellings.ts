import { diff, explain, history } from '@stockfold/core';
import type { laws } from '../../src/index.ts';

const RIGHT: laws.Telling = { diff, explain, history };

/** Explains what there is now, whatever sequence it is asked of. */
export const explainsTheEnd: laws.Telling = {
  ...RIGHT,
  explain: (ledger, { asOf: _, ...balance }) => explain(ledger, balance),
};

/** Takes the first balance of each page for what was added. */
export const addsFromNothing: laws.Telling = {
  ...RIGHT,
  history: (ledger, query) =>
    history(ledger, query).map(page => ({
      ...page,
      items: page.items.map((entry, index) => (index === 0 ? { ...entry, delta: entry.onHand } : entry)),
    })),
};

/** Leaves out records whose lines undo each other. */
export const leavesOutNothings: laws.Telling = {
  ...RIGHT,
  explain: (ledger, query) =>
    explain(ledger, query).map(({ entries, ...rest }) => ({
      ...rest,
      entries: entries.filter(one => one.delta !== 0),
    })),
};

/** Says of what both have that it differs, and nothing of what one alone has. */
export const differsInWhatBothHave: laws.Telling = {
  ...RIGHT,
  diff: (one, other) => diff(one, other).map(all => all.filter(each => each.one !== 0 && each.other !== 0)),
};
