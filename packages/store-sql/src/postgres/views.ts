import { invariantViews } from '../invariant-views.ts';

/** The invariants as views, `stockfold.conserves` and so on. A body that is no JSON ends them with an error (22P02). */
export const VIEWS: readonly string[] = invariantViews({
  named: name => `stockfold.${name}`,
  elements: (array, alias) => `jsonb_array_elements((${array})::jsonb) with ordinality ${alias}(value, place)`,
  placeOf: alias => `${alias}.place`,
  text: column => `${column}::text`,
  json: text => `(${text})::jsonb::text`,
  flag: column => `case ${column} when 1 then 'true' else 'false' end`,
});
