import { ByteCollector } from './byte-collector.ts';

/** As much of Node's `IncomingMessage` as is used here: this package knows no Node. */
export type Incoming = Readonly<{
  on: (event: string, listener: (value: never) => void) => unknown;
  off: (event: string, listener: (value: never) => void) => unknown;
  pause: () => unknown;
}>;

/**
 * Node's own message behind a request, where the server hands it on beside the `Request`, as `@hono/node-server` does.
 *
 * @returns Null where there is none, and where somebody has begun to read it or it has come to its end: then the body is
 *   read from the `Request`.
 */
export function incomingOf(platform: unknown): Incoming | null {
  if (typeof platform !== 'object' || platform === null || !('incoming' in platform)) return null;
  const incoming = platform.incoming as Readonly<Record<string, unknown>> | null | undefined;
  // Some hosts have the body already, and leave it in `rawBody`. What was destroyed would never say that it ends.
  if (incoming?.readableFlowing !== null || incoming.destroyed !== false || 'rawBody' in incoming) return null;
  return incoming as unknown as Incoming;
}

/**
 * Reads a message to its end, and counts while it reads.
 *
 * @returns The bytes; null as soon as there are more than `max`: the rest is not waited for. It rejects when the client
 *   goes away before the end.
 */
export function readIncoming(incoming: Incoming, max: number): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    const bytes = new ByteCollector();
    const onData = (piece: Uint8Array) => {
      bytes.add(piece);
      if (bytes.length <= max) return;
      incoming.off('data', onData);
      // What still comes is for the server to let go by, or to cut off.
      incoming.pause();
      resolve(null);
    };
    const onClose = () => reject(new Error('the client went away in the middle of its body'));
    incoming.on('data', onData);
    incoming.on('error', reject);
    incoming.on('close', onClose);
    incoming.on('end', () => {
      // Every message closes at last, and an error takes its time to make.
      incoming.off('close', onClose);
      resolve(bytes.toBytes());
    });
  });
}
