import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Where the line is cut around one commit. */
export type Cut =
  /** Nothing arrives. */
  | 'before'
  /** All of it arrives, and nobody waits for the answer. */
  | 'after'
  /** It is done, and the answer is lost. */
  | 'reply'
  /** Half of its bytes arrive. */
  | 'half'
  /** It arrives when the caller is long gone and may have tried again. */
  | 'late';

/** A line to a server that can be cut at commits. */
export type CuttingProxy = Readonly<{
  url: string;
  cuts: () => number;
  /** Takes no more callers, and waits until the server has ended every line, also those with a commit that comes late. */
  stop: () => Promise<void>;
}>;

const LATE_MS = 20;

/** Stands between a store and its server, and asks at each message that holds `marker` whether to cut, and how. */
export async function startProxy(target: string, marker: string, next: () => Cut | null): Promise<CuttingProxy> {
  let cuts = 0;
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  const server = createServer(client => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    let isReplyLost = false;
    let isCut = false;
    upstream.on('close', () => client.destroy());
    client.on('close', () => {
      if (!isCut) upstream.destroy();
    });
    client.on('data', bytes => {
      const cut = bytes.includes(marker) ? next() : null;
      if (cut === null) return void upstream.write(bytes);
      cuts += 1;
      if (cut === 'reply') {
        isReplyLost = true;
        upstream.write(bytes);
        return;
      }
      isCut = true;
      client.destroy();
      deliver(cut, bytes, upstream);
    });
    upstream.on('data', bytes => {
      if (!isReplyLost) return void client.write(bytes);
      client.destroy();
      upstream.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  url.hostname = '127.0.0.1';
  return {
    url: url.href,
    cuts: () => cuts,
    stop: async () => {
      server.close();
      for (const socket of open) if (!socket.destroyed) await once(socket, 'close');
    },
  };
}

function deliver(cut: Cut, bytes: Buffer, upstream: Socket): void {
  if (cut === 'before') upstream.destroy();
  if (cut === 'after') upstream.end(bytes);
  if (cut === 'half') upstream.end(bytes.subarray(0, bytes.length >> 1));
  if (cut === 'late') setTimeout(() => upstream.end(bytes), LATE_MS);
}
