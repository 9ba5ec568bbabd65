import { invariantViews } from '../invariant-views.ts';

/** The invariants as views, `stockfold_conserves` and so on. */
export const VIEWS: readonly string[] = invariantViews({
  named: name => `stockfold_${name}`,
  // A body that is no JSON is read as one without events, so that the views report it instead of failing on it.
  elements: (array, alias) => `json_each(case when json_valid(${array}) then ${array} end) ${alias}`,
  placeOf: alias => `${alias}.key`,
  text: column => (column === 'r.command_id' ? `lower(hex(${column}))` : column),
  json: text => `case when json_valid(${text}) then json(${text}) else ${text} end`,
  flag: column => column,
});
