import { type CommandInput, type Ledger, LINES_MAX } from '@stockfold/core';
import * as v from 'valibot';
import { asJson, object, type Schema } from '../json-schemas.ts';
import { ledgerProblem, okResponse, problemResponse } from '../problem.ts';
import { cardOf } from '../wire/answer.ts';
import { toWireError } from '../wire/error.ts';
import { askLedger, ledgerQuery } from '../wire/query.ts';
import type { Operation } from './operation.ts';
import { type AddRoutes, addOperation, respond } from './routes.ts';

type CommandsBody = { commands: unknown[] };

const commands: Schema<CommandsBody> = object({
  commands: v.pipe(
    v.array(v.unknown(), 'INVALID_TYPE'),
    v.minLength(1, 'EMPTY_CHANGES'),
    v.maxLength(LINES_MAX, 'TOO_MANY_CHANGES'),
    asJson({ items: { type: 'object' } }),
  ),
});

const results = v.strictObject({ results: v.array(v.record(v.string(), v.unknown())) });
const anything = v.union([v.record(v.string(), v.unknown()), v.array(v.unknown())]);

const ledger = { group: 'Ledger', path: '/organizations/:organization/ledger' } as const;

const postVerification = {
  ...ledger,
  id: 'postVerification',
  method: 'post',
  path: `${ledger.path}/verification`,
  scope: 'WRITE:PRODUCT',
  summary: 'Fold the whole journal and compare, with nothing changed',
  description:
    'It reads everything, so who may only read may not ask for it, and one runs at a time: who asks meanwhile gets the same answer.',
  answers: { 200: { description: 'Whether every invariant holds, and where not', schema: anything } },
} as const;

const postCommands: Operation<CommandsBody> = {
  ...ledger,
  id: 'postCommands',
  method: 'post',
  path: `${ledger.path}/commands`,
  scope: 'WRITE:PRODUCT',
  summary: 'Record commands in their order, each by itself',
  description: 'Commands carry their own ids, so they need no idempotency key.',
  body: commands,
  answers: { 200: { description: 'A receipt or an error for each', schema: results } },
};

/** The ledger itself, in its own words: what `createHttpLedger` is made of. */
export const addLedgerRoutes: AddRoutes = (app, setup) => {
  addOperation(
    app,
    setup,
    {
      ...ledger,
      id: 'getLedger',
      method: 'get',
      scope: 'READ:PRODUCT',
      summary: 'Say whose ledger it is, and how far its journal has got',
      answers: { 200: { description: 'Its organization, system locations and last sequence', schema: anything } },
    },
    async c => respond((await cardOf(c.var.ledger)).mapErr(fault => ledgerProblem(fault))),
  );
  addOperation(app, setup, postCommands, async (c, body) => {
    // The ledger itself reads each command, and says what is wrong with it.
    const answers = await c.var.ledger.executeAll(body.commands as CommandInput[]);
    return okResponse({
      results: answers.map(answer =>
        answer.match<object>(
          receipt => ({ receipt }),
          error => ({ error: toWireError(error) }),
        ),
      ),
    });
  });
  const verify = verifier();
  addOperation(app, setup, postVerification, async c =>
    (await verify(c.var.ledger)).match(
      value => okResponse(value),
      error => problemResponse({ ...ledgerProblem(error), extra: { error: toWireError(error) } }),
    ),
  );
  addOperation(
    app,
    setup,
    {
      ...ledger,
      id: 'postQueries',
      method: 'post',
      path: `${ledger.path}/queries`,
      scope: 'READ:PRODUCT',
      summary: 'Ask for balances, one balance, the journal, or the locations',
      body: ledgerQuery,
      answers: { 200: { description: 'What was asked for', schema: anything } },
    },
    async (c, body) =>
      (await askLedger(c.var.ledger, body)).match(
        value => okResponse(value),
        error => problemResponse({ ...ledgerProblem(error), extra: { error: toWireError(error) } }),
      ),
  );
};

/** Verifies one organization at a time, once: whoever asks while it runs waits for that answer. */
function verifier(): (ledger: Ledger) => ReturnType<Ledger['verify']> {
  const running = new Map<string, ReturnType<Ledger['verify']>>();
  return ledger => {
    const { organizationId } = ledger;
    const known = running.get(organizationId);
    if (known !== undefined) return known;
    const verification = ledger.verify();
    running.set(organizationId, verification);
    const done = () => running.delete(organizationId);
    verification.then(done, done);
    return verification;
  };
}
