import { type Location, SYSTEM_LOCATION_TYPES, type SystemLocationType } from '@stockfold/core';
import type { Context } from 'hono';
import { err, type Result } from 'neverthrow';
import * as v from 'valibot';
import { listBody, shortBody } from '../answers.ts';
import { findLocation } from '../find-location.ts';
import { type Problem, problemAt } from '../problem.ts';
import { type ListQuery, listBalances, productBalances, showBalances } from '../read-balances.ts';
import { asOfInQuery, uuidInPath } from '../read-request.ts';
import { productBalances as productBalancesSchema } from '../schemas.ts';
import type { Operation } from './operation.ts';
import { type AddRoutes, addOperation, type Env, respond } from './routes.ts';

const asOf = { description: 'Balances as they were after this sequence of the journal', schema: v.string() } as const;
const type = { description: 'STORE, SUPPLIER, SOLD or BIN, in any case', required: true, schema: v.string() } as const;
const since = { description: 'Taken and not looked at: everything is answered', schema: v.string() } as const;

const list = {
  group: 'Balances',
  method: 'get',
  scope: 'READ:PRODUCT',
  answers: { 200: { description: 'Tracked products, and their balances other than 0', schema: listBody } },
} as const;

const LISTS: readonly [Omit<Operation<undefined>, keyof typeof list>, FindLocation][] = [
  [{ id: 'getStore', path: '/inventory', summary: 'List what STORE holds', query: { asOf, since } }, storeOf],
  [
    {
      id: 'getStoreOfOrganization',
      path: '/organizations/:organization/inventory',
      summary: 'List what STORE holds',
      query: { asOf, since },
    },
    storeOf,
  ],
  [
    {
      id: 'getLocationBalancesByType',
      path: '/organizations/:organization/inventory/locations',
      summary: 'List what the system location of a type holds',
      query: { type, asOf },
    },
    locationOfType,
  ],
  [
    {
      id: 'getLocationBalances',
      path: '/organizations/:organization/inventory/locations/:location',
      summary: 'List what a location holds',
      query: { asOf },
    },
    locationInPath,
  ],
];

type FindLocation = (c: Context<Env>) => Promise<Result<Location, Problem>>;

/** What is where. */
export const addBalanceRoutes: AddRoutes = (app, setup) => {
  const show = showBalances(setup.options);
  const answer = async (c: Context<Env>, found: Result<Location, Problem>, productIds?: ListQuery['productIds']) => {
    const at = asOfInQuery(c);
    if (at.isErr()) return respond(at);
    if (found.isErr()) return respond(found);
    const query = { location: found.value, productIds, asOf: at.value };
    return respond((await listBalances(c.var.ledger, query)).map(show));
  };
  for (const [operation, find] of LISTS)
    addOperation(app, setup, { ...list, ...operation }, async c => answer(c, await find(c)));
  addOperation(
    app,
    setup,
    {
      ...list,
      id: 'postProductBalances',
      method: 'post',
      path: '/organizations/:organization/inventory/products',
      summary: 'List what the system location of a type holds of some products; a pure read',
      query: { asOf },
      body: productBalancesSchema,
    },
    async (c, { locationType, productUuids }) =>
      answer(c, await systemLocation(c, locationType), productUuids ?? undefined),
  );
  addOperation(
    app,
    setup,
    {
      ...list,
      id: 'getProductBalances',
      path: '/organizations/:organization/inventory/locations/:location/products/:product',
      summary: 'List what a location holds of one product',
      query: { asOf },
      answers: { 200: { description: 'Its balances other than 0', schema: shortBody } },
    },
    async c => {
      const product = uuidInPath(c, 'product', 'productUuid');
      const location = await locationInPath(c);
      const at = asOfInQuery(c);
      if (location.isErr()) return respond(location);
      if (product.isErr()) return respond(product);
      if (at.isErr()) return respond(at);
      const query = { location: location.value, productId: product.value, asOf: at.value };
      return respond((await productBalances(c.var.ledger, query)).map(show));
    },
  );
};

function storeOf(c: Context<Env>): Promise<Result<Location, Problem>> {
  return systemLocation(c, 'STORE');
}

async function locationOfType(c: Context<Env>): Promise<Result<Location, Problem>> {
  const asked = c.req.query('type');
  if (asked === undefined) return err(problemAt(400, 'MISSING_FIELD', 'This field is missing.', ['type']));
  const found = SYSTEM_LOCATION_TYPES.find(candidate => candidate === asked.toUpperCase());
  if (found === undefined)
    return err(problemAt(400, 'INVALID_ENUM', 'This is not one of the documented values.', ['type']));
  return systemLocation(c, found);
}

/** The location that a path names. */
export async function locationInPath(c: Context<Env>): Promise<Result<Location, Problem>> {
  const id = uuidInPath(c, 'location', 'locationUuid');
  return id.isErr() ? err(id.error) : findLocation(c.var.ledger, id.value, 'locationUuid');
}

function systemLocation(c: Context<Env>, wanted: SystemLocationType): Promise<Result<Location, Problem>> {
  return findLocation(c.var.ledger, c.var.ledger.systemLocations[wanted], 'type');
}
