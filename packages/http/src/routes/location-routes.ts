import { listLocations } from '../inventory.ts';
import { type AddRoutes, respond } from './routes.ts';

/** Where stock can be. */
export const addLocationRoutes: AddRoutes = (app, { reads }) => {
  app.get('/organizations/:organization/locations', reads, async c => respond(await listLocations(c.var.ledger)));
};
