import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ResultAsync } from 'neverthrow';
import type { Api, Card } from './api.ts';
import type { ApiError } from './api-error.ts';

/** How the page hears of the journal. */
export type Connection = 'connecting' | 'live' | 'broken';

/** What somebody who follows the journal is told. */
export type Follower = Readonly<{
  /** At every beginning, with where the journal ends by then. */
  onCard: (card: Card) => void;
  /** The journal has grown up to this sequence. */
  onSequence: (sequence: number) => void;
  onConnection: (connection: Connection, error: ApiError | null) => void;
}>;

const RETRY_MS = 1_000;
const RETRY_MS_MAX = 15_000;

/**
 * Follows the journal by its server-sent events until the signal. A stream that ends is opened again where the journal
 * ends by then: what was recorded in the meantime is read in pages by whoever shows it, and never as a flood of events.
 */
export async function follow(api: Api, follower: Follower, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    const card = await api.card(signal);
    if (card.isOk()) {
      follower.onCard(card.value);
      const stream = await api.stream(card.value.sequence, signal);
      if (stream.isOk()) {
        failures = 0;
        follower.onConnection('live', null);
        await readEvents(stream.value, follower.onSequence);
      } else if (stream.error.kind !== 'Aborted') follower.onConnection('broken', stream.error);
    } else if (card.error.kind !== 'Aborted') follower.onConnection('broken', card.error);
    if (!signal.aborted) await pause(Math.min(RETRY_MS * 2 ** failures++, RETRY_MS_MAX), signal);
  }
}

/** Until the stream ends; that it broke is no other news. */
async function readEvents(stream: ReadableStream<Uint8Array>, onSequence: (sequence: number) => void): Promise<void> {
  const events = stream
    .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .pipeThrough(new EventSourceParserStream());
  for (const reader = events.getReader(); ; ) {
    const read = await ResultAsync.fromPromise(reader.read(), () => null);
    if (read.isErr() || read.value.done) return;
    onSequence(Number(read.value.value.id));
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
