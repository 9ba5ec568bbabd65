import { diff, type HistoryEntry, history, type Ledger, PAGE_LIMIT_MAX } from '@stockfold/core';
import type { Context } from 'hono';
import { err, ok, type Result } from 'neverthrow';
import * as v from 'valibot';
import {
  type BalanceHistoryPage,
  balanceHistoryPage,
  type DiffBody,
  diffBody,
  type ExplanationBody,
  explanationBody,
  type HistoryRow,
} from '../answers.ts';
import { toMovementRow } from '../movement-row.ts';
import { ledgerProblem, type Problem, problem } from '../problem.ts';
import { asOfInQuery, uuidInPath, wholeInQuery } from '../read-request.ts';
import { locationInPath } from './balance-routes.ts';
import { type AddRoutes, addOperation, type Env, respond } from './routes.ts';

const PATH = '/organizations/:organization/history/locations/:location/variants/:variant';
const reads = { group: 'History', method: 'get', scope: 'READ:PRODUCT' } as const;
const sequence = (description: string) => ({ description, schema: v.string() });
const SEQUENCES = { min: 0, max: Number.MAX_SAFE_INTEGER };

/** The history of one balance, what makes it, and what differs between two times. */
export const addBalanceHistoryRoutes: AddRoutes = (app, setup) => {
  addOperation(
    app,
    setup,
    {
      ...reads,
      id: 'getBalanceHistory',
      path: PATH,
      summary: 'List what happened to one balance, in the order of the journal, page by page',
      query: {
        after: sequence('Only records after this sequence'),
        limit: sequence('1 to 1,000; 100 when absent'),
      },
      answers: { 200: { description: '`next` is the `after` of the next page', schema: balanceHistoryPage } },
    },
    async c => respond(await onBalance(c, balance => readPage(c, balance))),
  );
  addOperation(
    app,
    setup,
    {
      ...reads,
      id: 'getBalanceExplanation',
      path: `${PATH}/explanation`,
      summary: 'Give a balance with the records that make it, all of them',
      description: `A balance that moved in more than ${PAGE_LIMIT_MAX} records has its history in pages.`,
      query: { asOf: sequence('As it was after this sequence') },
      answers: { 200: { description: 'The balance and its records', schema: explanationBody } },
    },
    async c => respond(await onBalance(c, balance => explainBalance(c, balance))),
  );
  addOperation(
    app,
    setup,
    {
      ...reads,
      id: 'getDiff',
      path: '/organizations/:organization/diff',
      summary: 'List the balances that differ between two sequences, by variant and location',
      query: { from: sequence('0 when absent: before the first record'), to: sequence('Now when absent') },
      answers: { 200: { description: 'Only what differs', schema: diffBody } },
    },
    async c => respond(await readDiff(c)),
  );
};

type Shelf = Readonly<{ locationId: string; variantId: string }>;

async function onBalance<T>(
  c: Context<Env>,
  read: (balance: Shelf) => Promise<Result<T, Problem>>,
): Promise<Result<T, Problem>> {
  const location = await locationInPath(c);
  if (location.isErr()) return err(location.error);
  const variant = uuidInPath(c, 'variant', 'variantUuid');
  return variant.isErr() ? err(variant.error) : read({ locationId: location.value.id, variantId: variant.value });
}

async function readPage(c: Context<Env>, balance: Shelf): Promise<Result<BalanceHistoryPage, Problem>> {
  const after = wholeInQuery(c, 'after', SEQUENCES);
  if (after.isErr()) return err(after.error);
  const limit = wholeInQuery(c, 'limit', { min: 1, max: PAGE_LIMIT_MAX });
  if (limit.isErr()) return err(limit.error);
  const page = await history(c.var.ledger, { ...balance, after: after.value, limit: limit.value });
  return page
    .map(({ items, next, asOf }) => ({ items: items.map(toRow), next, asOf }))
    .mapErr(error => ledgerProblem(error));
}

async function explainBalance(c: Context<Env>, balance: Shelf): Promise<Result<ExplanationBody, Problem>> {
  const asked = asOfInQuery(c);
  if (asked.isErr()) return err(asked.error);
  const { ledger } = c.var;
  const now = await ledger.balanceAt({ ...balance, asOf: asked.value });
  if (now.isErr()) return err(ledgerProblem(now.error));
  const { onHand, asOf } = now.value;
  const page = await history(ledger, { ...balance, limit: PAGE_LIMIT_MAX });
  if (page.isErr()) return err(ledgerProblem(page.error));
  const { items, next } = page.value;
  if (next !== null && Number(next) < asOf) return err(tooLong());
  return ok({ balance: onHand, asOf, items: items.filter(({ record }) => record.sequence <= asOf).map(toRow) });
}

async function readDiff(c: Context<Env>): Promise<Result<DiffBody, Problem>> {
  const from = wholeInQuery(c, 'from', SEQUENCES);
  if (from.isErr()) return err(from.error);
  const to = wholeInQuery(c, 'to', SEQUENCES);
  if (to.isErr()) return err(to.error);
  const { ledger } = c.var;
  const end = await lastSequence(ledger);
  if (end.isErr()) return err(end.error);
  const [first, last] = [Math.min(from.value ?? 0, end.value), Math.min(to.value ?? end.value, end.value)];
  const differences = await diff({ ledger, asOf: first }, { ledger, asOf: last });
  return differences
    .map(items => ({
      from: first,
      to: last,
      differences: items.map(({ variantId, locationId, one, other }) => ({
        variantUuid: variantId,
        locationUuid: locationId,
        from: one,
        to: other,
      })),
    }))
    .mapErr(error => ledgerProblem(error));
}

async function lastSequence(ledger: Ledger): Promise<Result<number, Problem>> {
  return (await ledger.journal({ limit: 1 })).map(({ asOf }) => asOf).mapErr(error => ledgerProblem(error));
}

function toRow({ record, delta, onHand }: HistoryEntry): HistoryRow {
  return { record: toMovementRow(record), change: delta, balance: onHand };
}

function tooLong(): Problem {
  return problem(
    422,
    'HISTORY_TOO_LONG',
    `More than ${PAGE_LIMIT_MAX} records make this balance: ask for its history.`,
  );
}
