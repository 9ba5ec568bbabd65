import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

/** The built till on 127.0.0.1, as `pnpm till` serves it, and what ends it. */
export type ServedTill = Readonly<{ origin: string; close: () => Promise<void> }>;

/**
 * Serves `dist`, which `pnpm build` has made.
 *
 * @param port - The one to come back on; any that is free when absent.
 */
export async function serveTill(port = 0): Promise<ServedTill> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const server = await preview({ root, configFile: `${root}vite.config.ts`, logLevel: 'warn', preview: { port } });
  const address = server.httpServer.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}
