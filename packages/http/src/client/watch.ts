import { createLedger, type Ledger, type LedgerStore, type OrganizationId, storeFault } from '@stockfold/core';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { errAsync } from 'neverthrow';
import type { SendStream } from './transport.ts';

type Remote = Pick<Ledger, 'organizationId' | 'systemLocations' | 'balances' | 'journal'>;

/** How a client comes back to a stream that has ended. */
export type FollowOptions = Readonly<{ openStream: SendStream; retryMs: number }>;

/**
 * Balances of a server as they change: core's own `watch`, over a store that reads from the server and hears of commits
 * by server-sent events. While there is no stream, it is asked now and then.
 */
export function createRemoteWatch(remote: Remote, options: FollowOptions): Pick<Ledger, 'watch' | 'close'> {
  const { organizationId, systemLocations } = remote;
  const notHere = () => errAsync(storeFault('StoreFailed', 'this store is for looking only'));
  const toFault = (error: Readonly<{ kind: string }>) =>
    'message' in error
      ? (error as ReturnType<typeof storeFault>)
      : storeFault('StoreFailed', 'the server refused the query');
  const store: LedgerStore = {
    durability: 'synced',
    load: notHere,
    commit: notHere,
    locations: notHere,
    trackedProducts: notHere,
    lowStock: notHere,
    notes: notHere,
    balances: ({ organizationId: _, ...query }) => remote.balances(query).mapErr(toFault),
    journal: ({ organizationId: _, ...query }) => remote.journal(query).mapErr(toFault),
    subscribe: (_: OrganizationId, listener: () => void) => follow(options, listener),
    close: () => errAsync(storeFault('StoreClosed', 'the ledger was closed')),
  };
  return createLedger({ store, organizationId, systemLocations });
}

/** Calls the listener for each event, and whenever events may have been missed, until it is told to stop. */
function follow({ openStream, retryMs }: FollowOptions, listener: () => void): () => void {
  const stop = new AbortController();
  const run = async () => {
    while (!stop.signal.aborted) {
      await readEvents(openStream, stop.signal, listener).catch(() => undefined);
      if (stop.signal.aborted) return;
      await pause(retryMs, stop.signal);
      listener();
    }
  };
  void run();
  return () => stop.abort();
}

async function readEvents(openStream: SendStream, signal: AbortSignal, listener: () => void): Promise<void> {
  const body = await openStream('/organizations/self/movements/stream', signal);
  if (body === null) return;
  // What was recorded before the stream began is not in it.
  listener();
  const events = body
    .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .pipeThrough(new EventSourceParserStream());
  for (const reader = events.getReader(); ; ) {
    const { done } = await reader.read();
    if (done) return;
    listener();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
