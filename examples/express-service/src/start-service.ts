import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createApp } from './create-app.ts';
import { openShop } from './open-shop.ts';

/** A service that runs; `close` answers what is under way, then lets go of the database. */
export type Service = Readonly<{ url: string; close: () => Promise<void> }>;

/**
 * Starts the service on 127.0.0.1.
 *
 * @param port - 0 for any that is free.
 */
export async function startService(connectionString: string, port: number): Promise<Service> {
  const shop = await openShop(connectionString);
  const server = createApp(shop).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await closed;
      await shop.close();
    },
  };
}
