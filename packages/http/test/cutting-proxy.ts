import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What may happen to a piece of a conversation: it goes through, it is lost, or its first half goes through. */
export type Fate = 'pass' | 'lose' | 'halve';

export type CuttingProxy = Readonly<{
  url: string;
  /** How many connections were cut so far. */
  cuts: () => Readonly<{ requests: number; answers: number }>;
  close: () => Promise<void>;
}>;

/** Stands before a server and cuts connections where `fate` says so: in a request, or in an answer. */
export async function startCuttingProxy(
  target: string,
  fate: (of: 'request' | 'answer') => Fate,
): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const cuts = { requests: 0, answers: 0 };
  const proxy = createServer(client => {
    const server = connect(Number(port), hostname);
    const end = () => {
      client.destroy();
      server.destroy();
    };
    const forward = (from: Socket, to: Socket, of: 'request' | 'answer') => {
      sockets.add(from);
      from.on('error', end).on('close', () => {
        sockets.delete(from);
        end();
      });
      from.on('data', chunk => {
        const drawn = fate(of);
        if (drawn === 'pass') return to.write(chunk);
        cuts[of === 'request' ? 'requests' : 'answers'] += 1;
        if (drawn === 'lose') return end();
        return to.write(chunk.subarray(0, chunk.length >> 1), end);
      });
    };
    forward(client, server, 'request');
    forward(server, client, 'answer');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cuts: () => cuts,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

/** One piece in five is cut, half of them in the middle; the same ones on every run of the same conversation. */
export function drawFate(seed: number): () => Fate {
  let state = seed;
  return () => {
    // An LCG of Numerical Recipes: its upper bits are good enough to draw a fate.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const drawn = state / 2 ** 32;
    return drawn < 0.1 ? 'lose' : drawn < 0.2 ? 'halve' : 'pass';
  };
}
