import { moveStock, startTrackingProduct } from '../inventory.ts';
import { limitBody } from '../limit-body.ts';
import { movingOfBulk, movingOfPut } from '../moving.ts';
import { readBody } from '../read-body.ts';
import { bulkInventory, putInventory, startTrackingProduct as startTrackingSchema } from '../schemas.ts';
import { type AddRoutes, respond } from './routes.ts';

/** What moves stock, and what starts and stops keeping it. */
export const addMovementRoutes: AddRoutes = (app, { writes }) => {
  app.post('/organizations/:organization/inventory', writes, limitBody, async c => {
    const body = await readBody(c.req.raw, startTrackingSchema);
    return respond(body.isErr() ? body : await startTrackingProduct(c.var.ledger, body.value.productUuid));
  });
  app.put('/organizations/:organization/inventory', writes, limitBody, async c => {
    const request = (await readBody(c.req.raw, putInventory)).map(movingOfPut);
    return respond(request.isErr() ? request : await moveStock(c.var.ledger, request.value));
  });
  app.post('/organizations/:organization/v2/inventory/bulk', writes, limitBody, async c => {
    const request = (await readBody(c.req.raw, bulkInventory)).andThen(movingOfBulk);
    return respond(request.isErr() ? request : await moveStock(c.var.ledger, request.value));
  });
};
