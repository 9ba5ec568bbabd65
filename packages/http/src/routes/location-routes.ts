import * as v from 'valibot';
import { locationBody } from '../answers.ts';
import { listLocations } from '../inventory.ts';
import { type AddRoutes, addOperation, respond } from './routes.ts';

/** Where stock can be. */
export const addLocationRoutes: AddRoutes = (app, setup) => {
  addOperation(
    app,
    setup,
    {
      id: 'getLocations',
      group: 'Locations',
      method: 'get',
      path: '/organizations/:organization/locations',
      scope: 'READ:PRODUCT',
      summary: 'List the locations; STORE, SUPPLIER, SOLD and BIN are there from the beginning',
      answers: { 200: { description: 'All locations', schema: v.array(locationBody) } },
    },
    async c => respond(await listLocations(c.var.ledger)),
  );
};
