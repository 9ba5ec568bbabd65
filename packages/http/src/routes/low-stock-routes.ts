import { etag } from 'hono/etag';
import { locationLowStock as locationLowStockBody, productLowStock as productLowStockBody } from '../answers.ts';
import { type LowStockRequest, locationLowStock, productLowStock, ruleOf, setLowStock } from '../low-stock.ts';
import { deleteLowStock, type LowStockBody, postLowStock, putLowStock } from '../low-stock-schemas.ts';
import { emptyResponse, problemResponse } from '../problem.ts';
import { uuidInPath } from '../read-request.ts';
import { locationInPath } from './balance-routes.ts';
import type { Operation } from './operation.ts';
import { type AddRoutes, addOperation, respond } from './routes.ts';

const LOCATION = '/custom-low-stock/locations/:location';
const READ = '/custom-low-stock/v2/locations/:location';
const common = { group: 'Low stock', scope: 'WRITE:PRODUCT' } as const;
const written = { 204: { description: 'All rules are set' } } as const;
// The mirrored page says "202 - No Content".
const deleted = { 202: { description: 'The rules are gone' } } as const;
const headers = { ETag: 'Sent back in If-None-Match, it is answered 304 while nothing has changed' } as const;
const unchanged = { 304: { description: 'Nothing has changed since the ETag' } } as const;

/** When stock is low. */
export const addLowStockRoutes: AddRoutes = (app, setup) => {
  app.use('/custom-low-stock/v2/*', etag());
  addWrites(app, setup);
  addOperation(
    app,
    setup,
    {
      ...common,
      id: 'getLowStock',
      method: 'get',
      path: READ,
      scope: 'READ:PRODUCT',
      summary: 'List the low-stock rules at a location',
      answers: { 200: { description: 'All rules', schema: locationLowStockBody, headers }, ...unchanged },
    },
    async c => {
      const location = await locationInPath(c);
      return respond(location.isErr() ? location : await locationLowStock(c.var.ledger, location.value));
    },
  );
  addOperation(
    app,
    setup,
    {
      ...common,
      id: 'getProductLowStock',
      method: 'get',
      path: `${READ}/products/:product`,
      scope: 'READ:PRODUCT',
      summary: 'List the low-stock rules of one product at a location',
      answers: { 200: { description: 'Its rules', schema: productLowStockBody, headers }, ...unchanged },
    },
    async c => {
      const location = await locationInPath(c);
      const product = uuidInPath(c, 'product', 'productUuid');
      if (location.isErr()) return respond(location);
      return respond(product.isErr() ? product : await productLowStock(c.var.ledger, location.value, product.value));
    },
  );
};

type Request = Readonly<{ rules: readonly LowStockBody[]; at: LowStockRequest['at'] }>;

const addWrites: AddRoutes = (app, setup) => {
  const add = <Body>(
    operation: Omit<Operation<Body>, keyof typeof common>,
    status: 202 | 204,
    requestOf: (body: Body) => Request,
  ) =>
    addOperation<Body>(app, setup, { ...common, ...operation }, async (c, body) => {
      const location = await locationInPath(c);
      if (location.isErr()) return respond(location);
      const { rules, at } = requestOf(body);
      const request = { rules: rules.map(rule => ruleOf(rule, location.value.id)), at, locationField } as const;
      const done = await setLowStock(c.var.ledger, request);
      return done.isErr() ? problemResponse(done.error) : emptyResponse(status);
    });
  const locationField = 'locationUuid';
  const inRequests = (index: number) => `requests[${index}]`;
  add(
    { id: 'putLowStock', method: 'put', path: LOCATION, summary: 'Set one rule', body: putLowStock, answers: written },
    204,
    rule => ({ rules: [rule], at: () => '' }),
  );
  add(
    { id: 'postLowStock', method: 'post', path: LOCATION, summary: 'Set rules', body: postLowStock, answers: written },
    204,
    ({ requests }) => ({ rules: requests, at: inRequests }),
  );
  add(
    {
      id: 'deleteLowStockRules',
      method: 'post',
      path: `${LOCATION}/delete`,
      summary: 'Delete rules',
      body: deleteLowStock,
      answers: deleted,
    },
    202,
    ({ requests }) => ({ rules: requests, at: inRequests }),
  );
  addOperation(
    app,
    setup,
    {
      ...common,
      id: 'deleteLowStock',
      method: 'delete',
      path: `${LOCATION}/products/:product/variants/:variant`,
      summary: 'Delete one rule',
      answers: deleted,
    },
    async c => {
      const location = await locationInPath(c);
      const product = uuidInPath(c, 'product', 'productUuid');
      const variant = uuidInPath(c, 'variant', 'variantUuid');
      if (location.isErr()) return respond(location);
      if (product.isErr()) return respond(product);
      if (variant.isErr()) return respond(variant);
      const rule = ruleOf({ productUuid: product.value, variantUuid: variant.value }, location.value.id);
      const done = await setLowStock(c.var.ledger, { rules: [rule], at: () => '', locationField });
      return done.isErr() ? problemResponse(done.error) : emptyResponse(202);
    },
  );
};
