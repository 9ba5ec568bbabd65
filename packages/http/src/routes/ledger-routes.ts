import { type CommandInput, LINES_MAX } from '@stockfold/core';
import * as v from 'valibot';
import { limitBody } from '../limit-body.ts';
import { ledgerProblem, okResponse, problemResponse } from '../problem.ts';
import { readBody } from '../read-body.ts';
import { cardOf } from '../wire/answer.ts';
import { toWireError } from '../wire/error.ts';
import { askLedger, ledgerQuery } from '../wire/query.ts';
import type { AddRoutes } from './routes.ts';

const commands: v.GenericSchema<unknown, { commands: unknown[] }> = v.pipe(
  v.custom<Record<string, unknown>>(input => typeof input === 'object' && !Array.isArray(input), 'INVALID_TYPE'),
  v.object(
    {
      commands: v.pipe(
        v.array(v.unknown(), 'INVALID_TYPE'),
        v.minLength(1, 'EMPTY_CHANGES'),
        v.maxLength(LINES_MAX, 'TOO_MANY_CHANGES'),
      ),
    },
    'INVALID_TYPE',
  ),
);

/**
 * The ledger itself, in its own words: what `createHttpLedger` is made of. Commands carry their own ids, so they need
 * no idempotency key; each is answered by itself, with a receipt or an error.
 */
export const addLedgerRoutes: AddRoutes = (app, { reads, writes }) => {
  app.get('/organizations/:organization/ledger', reads, async c =>
    (await cardOf(c.var.ledger)).match(okResponse, fault => problemResponse(ledgerProblem(fault))),
  );
  app.post('/organizations/:organization/ledger/commands', writes, limitBody, async c => {
    const body = await readBody(c.req.raw, commands);
    if (body.isErr()) return problemResponse(body.error);
    // The ledger itself reads each command, and says what is wrong with it.
    const answers = await c.var.ledger.executeAll(body.value.commands as CommandInput[]);
    return okResponse({
      results: answers.map(answer =>
        answer.match<object>(
          receipt => ({ receipt }),
          error => ({ error: toWireError(error) }),
        ),
      ),
    });
  });
  app.post('/organizations/:organization/ledger/queries', reads, limitBody, async c => {
    const body = await readBody(c.req.raw, ledgerQuery);
    if (body.isErr()) return problemResponse(body.error);
    return (await askLedger(c.var.ledger, body.value)).match(okResponse, error =>
      problemResponse({ ...ledgerProblem(error), extra: { error: toWireError(error) } }),
    );
  });
};
