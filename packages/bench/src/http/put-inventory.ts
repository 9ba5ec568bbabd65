import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createLedger } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import autocannon from 'autocannon';
import type { Ground } from '../ground.ts';
import type { Contest, Sample, Sides } from '../row.ts';
import { VARIANTS } from './shop.ts';

const CONNECTIONS = 32;

/** `PUT …/inventory` with two changes, against `node:http` that does the same with the body. */
export const putInventory: Contest = {
  rows: [{ name: 'http/put', figure: 'perSecond', unit: 'requests/s', target: { atLeast: 0.6 } }],
  open,
};

/** Each server in a process of its own; this one makes the load. */
async function open(ground: Ground): Promise<Sides> {
  const servers = [await start('our-server.ts'), await start('node-server.ts')] as const;
  return {
    ours: () => load(ground, servers[0].port),
    reference: () => load(ground, servers[1].port),
    close: async () => {
      for (const { child } of servers) {
        child.kill();
        await once(child, 'exit');
      }
    },
  };
}

async function start(name: string): Promise<Readonly<{ child: ChildProcess; port: number }>> {
  const child = fork(fileURLToPath(new URL(name, import.meta.url)));
  const [address] = (await once(child, 'message')) as [AddressInfo];
  return { child, port: address.port };
}

/** Sends for a second or more, over some connections, each with one request at a time. */
async function load({ size: { ms } }: Ground, port: number): Promise<Sample> {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}/organizations/self/inventory`,
    connections: CONNECTIONS,
    // Whole seconds: the load generator knows no less.
    duration: Math.ceil(ms / 1_000),
    method: 'PUT',
    headers: { authorization: 'Bearer bench', 'content-type': 'application/json' },
    body: BODY,
  });
  if (result['2xx'] === 0 || result.non2xx > 0 || result.errors > 0)
    throw new Error(`a request of the bench was not answered: ${JSON.stringify(result)}`);
  return { perSecond: result['2xx'] / result.duration };
}

const BODY = bodyOf();

function bodyOf(): string {
  const { STORE, SOLD } = createLedger({ store: createMemoryStore() }).systemLocations;
  const changes = VARIANTS.slice(0, 2).map(({ productId, variantId }) => ({
    productUuid: productId,
    variantUuid: variantId,
    fromLocationUuid: STORE,
    toLocationUuid: SOLD,
    change: 1,
  }));
  return JSON.stringify({ changes, returnBalanceForLocationUuid: STORE });
}
