import { holdsView } from '../holds-view.ts';
import { invariantViews, type ViewDialect } from '../invariant-views.ts';

const DIALECT: ViewDialect = {
  named: name => `stockfold_${name}`,
  // A body that is no JSON is read as one without events, so that the views report it instead of failing on it.
  elements: (array, alias) => `json_each(case when json_valid(${array}) then ${array} end) ${alias}`,
  placeOf: alias => `${alias}.key`,
  text: column => (column === 'r.command_id' ? `lower(hex(${column}))` : column),
  parsed: column => `(case when json_valid(${column}) then ${column} end)`,
  json: text => `case when json_valid(${text}) then json(${text}) else ${text} end`,
  flag: column => column,
};

/** The invariants as views, `stockfold_conserves` and so on. */
export const VIEWS: readonly string[] = invariantViews(DIALECT);

/** The view of invariant 15, which came later. */
export const HOLDS_VIEW: string = holdsView(DIALECT);
