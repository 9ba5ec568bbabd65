import { holdsView } from '../holds-view.ts';
import { invariantViews, type ViewDialect } from '../invariant-views.ts';

const DIALECT: ViewDialect = {
  named: name => `stockfold.${name}`,
  elements: (array, alias) => `jsonb_array_elements((${array})::jsonb) with ordinality ${alias}(value, place)`,
  placeOf: alias => `${alias}.place`,
  text: column => `${column}::text`,
  parsed: column => `(${column})::jsonb`,
  json: text => `(${text})::jsonb::text`,
  flag: column => `case ${column} when 1 then 'true' else 'false' end`,
};

/** The invariants as views, `stockfold.conserves` and so on. A body that is no JSON ends them with an error (22P02). */
export const VIEWS: readonly string[] = invariantViews(DIALECT);

/** The view of invariant 15, which came later. */
export const HOLDS_VIEW: string = holdsView(DIALECT);
