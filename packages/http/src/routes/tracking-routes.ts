import { shortBody } from '../answers.ts';
import { startTrackingProduct, stopTrackingProduct } from '../inventory.ts';
import { emptyResponse, problemResponse } from '../problem.ts';
import { showBalances } from '../read-balances.ts';
import { uuidInPath } from '../read-request.ts';
import { startTrackingProduct as startTrackingSchema } from '../schemas.ts';
import { type AddRoutes, addOperation, respond } from './routes.ts';

/** What starts and stops keeping the stock of a product. */
export const addTrackingRoutes: AddRoutes = (app, setup) => {
  const show = showBalances(setup.options);
  addOperation(
    app,
    setup,
    {
      id: 'startTracking',
      group: 'Tracking',
      method: 'post',
      path: '/organizations/:organization/inventory',
      scope: 'WRITE:PRODUCT',
      summary: 'Start tracking a product',
      body: startTrackingSchema,
      answers: { 200: { description: 'What STORE holds of it, other than 0', schema: shortBody } },
    },
    async (c, { productUuid }) => respond((await startTrackingProduct(c.var.ledger, productUuid)).map(show)),
  );
  addOperation(
    app,
    setup,
    {
      id: 'stopTracking',
      group: 'Tracking',
      method: 'delete',
      path: '/organizations/:organization/inventory/products/:product',
      scope: 'WRITE:PRODUCT',
      summary: 'Stop tracking a product; its balances are kept, and shown again once it is tracked again',
      answers: { 204: { description: 'Tracking stopped' } },
    },
    async c => {
      const product = uuidInPath(c, 'product', 'productUuid');
      const done = product.isErr() ? product : await stopTrackingProduct(c.var.ledger, product.value);
      return done.isErr() ? problemResponse(done.error) : emptyResponse(204);
    },
  );
};
