import type { Location } from '@stockfold/core';
import type { Context } from 'hono';
import { err, ok, type Result } from 'neverthrow';
import * as v from 'valibot';
import { inventoryBody, productStatusRow, stockRow } from '../answers.ts';
import { findLocation } from '../find-location.ts';
import { openStore, trackProducts } from '../inventory.ts';
import { ruleOf, setLowStock } from '../low-stock.ts';
import { lowStockOfV3 } from '../low-stock-schemas.ts';
import { movingOfV3 } from '../moving.ts';
import { emptyResponse, ledgerProblem, okResponse, type Problem, problemResponse } from '../problem.ts';
import { uuidInPath, wholeInQuery } from '../read-request.ts';
import { listProducts, productStatus, type Rows, readStock, toInventoryBody } from '../v3.ts';
import { postInventory, postMovements, postProducts, productStatus as productStatusSchema } from '../v3-schemas.ts';
import { addressOf, nextLink } from './next-link.ts';
import { type AddRoutes, addOperation, type Env, respond } from './routes.ts';

const reads = { group: 'v3', method: 'get', scope: 'READ:PRODUCT' } as const;
const writes = { group: 'v3', method: 'post', scope: 'WRITE:PRODUCT' } as const;
const page = {
  limit: { description: '1 to 1,000; 100 when absent', schema: v.string() },
  cursor: { description: 'From the Link of the answer before', schema: v.string() },
} as const;
const headers = { Link: 'The next page, rel="next"; absent at the end' } as const;

/** Version 3, as far as it is documented: the organization is that of the token. */
export const addV3Routes: AddRoutes = (app, setup) => {
  addInventories(app, setup);
  addStock(app, setup);
  addProducts(app, setup);
  addOperation(
    app,
    setup,
    {
      ...writes,
      id: 'postMovements',
      path: '/v3/movements',
      summary: 'Move stock, all or nothing',
      body: postMovements,
      answers: { 204: { description: 'Moved; no balances are answered' } },
    },
    async (c, body) => {
      const { command, place } = movingOfV3(body);
      const { ledger } = c.var;
      const done = await ledger.execute({ ...command, kind: 'RecordMovements', id: ledger.newId() });
      return done.isErr() ? problemResponse(ledgerProblem(done.error, place)) : emptyResponse(204);
    },
  );
  addOperation(
    app,
    setup,
    {
      ...writes,
      id: 'postLowStockOfInventories',
      path: '/v3/custom-low-stock',
      summary: 'Set low-stock rules; one with neither level nor alert is deleted',
      body: lowStockOfV3,
      answers: { 204: { description: 'All rules are set' } },
    },
    async (c, body) => {
      const rules = body.map(rule => ruleOf(rule, rule.inventoryUuid));
      const request = { rules, at: (index: number) => `[${index}]`, locationField: 'inventoryUuid' } as const;
      const done = await setLowStock(c.var.ledger, request);
      return done.isErr() ? problemResponse(done.error) : emptyResponse(204);
    },
  );
};

const addInventories: AddRoutes = (app, setup) => {
  addOperation(
    app,
    setup,
    {
      ...reads,
      id: 'getInventories',
      path: '/v3/inventories',
      summary: 'List the inventories, which v1 calls locations',
      answers: { 200: { description: 'All inventories', schema: v.array(inventoryBody) } },
    },
    async c => {
      const locations = await c.var.ledger.locations();
      return respond(locations.map(list => list.map(toInventoryBody)).mapErr(error => ledgerProblem(error)));
    },
  );
  addOperation(
    app,
    setup,
    {
      ...reads,
      id: 'getInventory',
      path: '/v3/inventories/:inventory',
      summary: 'Read one inventory',
      answers: { 200: { description: 'The inventory', schema: inventoryBody } },
    },
    async c => respond((await inventoryInPath(c)).map(toInventoryBody)),
  );
  addOperation(
    app,
    setup,
    {
      ...writes,
      id: 'postInventory',
      path: '/v3/inventories',
      summary: 'Open another inventory of type STORE',
      description: 'Its description is read and not kept.',
      body: postInventory,
      answers: { 201: { description: 'Opened', headers: { Location: 'Where it is' } } },
    },
    async (c, { name }) => {
      const opened = await openStore(c.var.ledger, name);
      if (opened.isErr()) return problemResponse(opened.error);
      return emptyResponse(201, { Location: addressOf(c, `/v3/inventories/${opened.value}`) });
    },
  );
};

const addStock: AddRoutes = (app, setup) => {
  const common = {
    ...reads,
    query: page,
    answers: { 200: { description: 'Balances of tracked products', schema: v.array(stockRow), headers } },
  } as const;
  const all = { id: 'getStock', path: '/v3/stock', summary: 'List what every STORE holds' } as const;
  addOperation(app, setup, { ...common, ...all }, c => answerStock(c, ok(undefined), ok(undefined)));
  addOperation(
    app,
    setup,
    { ...common, id: 'getInventoryStock', path: '/v3/stock/:inventory', summary: 'List what an inventory holds' },
    async c => answerStock(c, await inventoryInPath(c), ok(undefined)),
  );
  addOperation(
    app,
    setup,
    {
      ...common,
      id: 'getProductStock',
      path: '/v3/stock/:inventory/products/:product',
      summary: 'List what an inventory holds of a product',
    },
    async c => answerStock(c, await inventoryInPath(c), uuidInPath(c, 'product', 'productUuid')),
  );
};

const addProducts: AddRoutes = (app, setup) => {
  addOperation(
    app,
    setup,
    {
      ...reads,
      id: 'getProducts',
      path: '/v3/products',
      summary: 'List the tracked products',
      query: page,
      answers: { 200: { description: 'Tracked products', schema: v.array(productStatusRow), headers } },
    },
    async c => {
      const asked = pageInQuery(c);
      if (asked.isErr()) return respond(asked);
      return answerRows(c, await listProducts(c.var.ledger, asked.value), asked.value.limit);
    },
  );
  addOperation(
    app,
    setup,
    {
      ...writes,
      id: 'postProducts',
      path: '/v3/products',
      summary: 'Start and stop tracking products, all or nothing',
      body: postProducts,
      answers: { 204: { description: 'Tracking is as asked' } },
    },
    async (c, body) => {
      const done = await trackProducts(c.var.ledger, body);
      return done.isErr() ? problemResponse(done.error) : emptyResponse(204);
    },
  );
  addOperation(
    app,
    setup,
    {
      ...reads,
      id: 'postProductStatus',
      method: 'post',
      path: '/v3/products/status',
      summary: 'Say of some products whether they are tracked; a pure read',
      body: productStatusSchema,
      answers: { 200: { description: 'One row a product, in order', schema: v.array(productStatusRow) } },
    },
    async (c, body) => respond(await productStatus(c.var.ledger, body)),
  );
};

function inventoryInPath(c: Context<Env>): Promise<Result<Location, Problem>> {
  return uuidInPath(c, 'inventory', 'inventoryUuid').match(
    id => findLocation(c.var.ledger, id, 'inventoryUuid'),
    async problem => err(problem),
  );
}

async function answerStock(
  c: Context<Env>,
  location: Result<Location | undefined, Problem>,
  productId: Result<string | undefined, Problem>,
): Promise<Response> {
  const asked = pageInQuery(c);
  if (location.isErr()) return respond(location);
  if (productId.isErr()) return respond(productId);
  if (asked.isErr()) return respond(asked);
  const query = { location: location.value, productId: productId.value, ...asked.value };
  return answerRows(c, await readStock(c.var.ledger, query), asked.value.limit);
}

function answerRows(c: Context<Env>, read: Result<Rows<unknown>, Problem>, limit: number): Response {
  if (read.isErr()) return problemResponse(read.error);
  const { rows, next } = read.value;
  return okResponse(rows, nextLink(c, next === null ? null : { cursor: next, limit: String(limit) }));
}

function pageInQuery(c: Context<Env>): Result<{ cursor: string | undefined; limit: number }, Problem> {
  const limit = wholeInQuery(c, 'limit', { min: 1, max: 1_000 });
  return limit.map(value => ({ cursor: c.req.query('cursor'), limit: value ?? 100 }));
}
