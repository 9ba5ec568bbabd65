import { err, ok, type Result } from 'neverthrow';
import * as v from 'valibot';
import { historyBody } from '../answers.ts';
import { readHistory } from '../history.ts';
import { okResponse, type Problem, problemAt, problemResponse } from '../problem.ts';
import { wholeInQuery } from '../read-request.ts';
import { locationInPath } from './balance-routes.ts';
import { nextLink } from './next-link.ts';
import { type AddRoutes, addOperation, respond } from './routes.ts';

/** What has changed. */
export const addHistoryRoutes: AddRoutes = (app, setup) =>
  addOperation(
    app,
    setup,
    {
      id: 'getHistory',
      group: 'History',
      method: 'get',
      path: '/organizations/:organization/history/locations/:location',
      scope: 'READ:PRODUCT',
      summary: 'List what changed at a location in the last 1,000 records of the journal, the newest first',
      query: {
        balanceChangeType: { description: 'RESTOCK: only what came from a SUPPLIER', schema: v.string() },
        cursor: { description: 'From the Link of the answer before', schema: v.string() },
      },
      answers: {
        200: { description: 'Changes', schema: historyBody, headers: { Link: 'What is further back, rel="next"' } },
      },
    },
    async c => {
      const location = await locationInPath(c);
      if (location.isErr()) return respond(location);
      const type = changeType(c.req.query('balanceChangeType'));
      if (type.isErr()) return respond(type);
      const before = wholeInQuery(c, 'cursor', { min: 1, max: Number.MAX_SAFE_INTEGER });
      if (before.isErr()) return respond(before);
      const query = { location: location.value, type: type.value, before: before.value };
      const history = await readHistory(c.var.ledger, query);
      if (history.isErr()) return problemResponse(history.error);
      const { body, next } = history.value;
      const again = type.value === null ? {} : { balanceChangeType: type.value };
      return okResponse(body, nextLink(c, next === null ? null : { ...again, cursor: String(next) }));
    },
  );

function changeType(text: string | undefined): Result<'RESTOCK' | null, Problem> {
  if (text === undefined || text === 'RESTOCK') return ok(text ?? null);
  return err(problemAt(400, 'INVALID_ENUM', 'This is not one of the documented values.', ['balanceChangeType']));
}
