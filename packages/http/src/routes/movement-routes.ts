import { shortBody } from '../answers.ts';
import { moveStock } from '../inventory.ts';
import { movingOfBulk, movingOfPut } from '../moving.ts';
import { showBalances } from '../read-balances.ts';
import { type BulkInventoryBody, bulkInventory, putInventory } from '../schemas.ts';
import type { Operation } from './operation.ts';
import { type AddRoutes, addOperation, respond } from './routes.ts';

const answers = { 200: { description: 'The balances right after', schema: shortBody } } as const;

const bulk: Operation<BulkInventoryBody> = {
  id: 'postBulkInventory',
  group: 'Movements',
  method: 'post',
  path: '/organizations/:organization/v2/inventory/bulk',
  scope: 'WRITE:PRODUCT',
  summary: 'Change the tracking of products and move stock, all or nothing',
  body: bulkInventory,
  answers,
};

/** What moves stock. */
export const addMovementRoutes: AddRoutes = (app, setup) => {
  const show = showBalances(setup.options);
  addOperation(
    app,
    setup,
    {
      id: 'putInventory',
      group: 'Movements',
      method: 'put',
      path: '/organizations/:organization/inventory',
      scope: 'WRITE:PRODUCT',
      summary: 'Move stock from one location to another, all or nothing',
      body: putInventory,
      answers,
    },
    async (c, body) => respond((await moveStock(c.get('ledger'), movingOfPut(body))).map(show)),
  );
  // The bulk path had no version at first.
  const first = { ...bulk, id: 'postFirstBulkInventory', path: '/organizations/:organization/inventory/bulk' };
  for (const operation of [bulk, first])
    addOperation(app, setup, operation, async (c, body) => {
      const request = movingOfBulk(body);
      return respond(request.isErr() ? request : (await moveStock(c.var.ledger, request.value)).map(show));
    });
};
