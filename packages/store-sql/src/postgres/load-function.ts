import { LOAD } from './read-statements.ts';

/** The call; the parameters stand in the order of those of `LOAD`. */
export const CALL_LOAD: string = 'select stockfold.load_v1($1,$2,$3,$4,$5,$6,$7,$8) as answer';

/** What the call is named on connections that can name it. */
export const LOAD_NAME: string = 'stockfold.load_v1';

/**
 * `LOAD` as a function, so that its plan is made once for a connection: by itself it is planned anew for each call's own
 * arrays, which for one line takes three times as long as all the rest. As for the commit function a plan that fits every
 * call is asked for, without scans; these settings end with the call. It is stable: what it reads is of one moment.
 */
export const LOAD_FUNCTION: string = `
create function stockfold.load_v1(uuid, uuid[], uuid[], uuid[], uuid[], uuid[], uuid[], json)
returns json language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_sort = off set jit = off
as $$
begin
  return (select to_json(loaded) from (${LOAD}) loaded);
end $$`;
