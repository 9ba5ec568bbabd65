import { useEffect, useState } from 'preact/hooks';
import type { Api, Card } from './api.ts';
import type { ApiError } from './api-error.ts';
import { type Connection, follow } from './follow.ts';

/** The ledger as it grows. */
export type Live = Readonly<{
  connection: Connection;
  error: ApiError | null;
  /** Null until the server has answered for the first time. */
  card: Card | null;
  /** Where the journal ends. */
  head: number;
  /** Counts the beginnings, so that what could not be read is read again. */
  epoch: number;
}>;

const AT_FIRST: Live = { connection: 'connecting', error: null, card: null, head: 0, epoch: 0 };
// However fast the journal grows, the page is drawn anew so many times in a second, in milliseconds apart.
const DRAW_EVERY_MS = 250;

/** Follows the journal while the page is looked at: a hidden tab holds no connection, of which a browser has six. */
export function useLive(api: Api): Live {
  const [live, setLive] = useState(AT_FIRST);
  useEffect(() => {
    let stop: AbortController | null = null;
    const look = () => {
      if (document.visibilityState === 'hidden') {
        stop?.abort();
        stop = null;
      } else if (stop === null) {
        stop = new AbortController();
        start(api, setLive, stop.signal);
      }
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      stop?.abort();
    };
  }, [api]);
  return live;
}

type SetLive = (change: (live: Live) => Live) => void;

function start(api: Api, setLive: SetLive, signal: AbortSignal): void {
  let head = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const draw = () => {
    timer = undefined;
    setLive(live => ({ ...live, head: Math.max(head, live.head) }));
  };
  signal.addEventListener('abort', () => clearTimeout(timer));
  const follower = {
    onCard: (card: Card) => {
      head = card.sequence;
      setLive(live => ({ ...live, card, head, epoch: live.epoch + 1 }));
    },
    onSequence: (sequence: number) => {
      head = sequence;
      timer ??= setTimeout(draw, DRAW_EVERY_MS);
    },
    onConnection: (connection: Connection, error: ApiError | null) => setLive(live => ({ ...live, connection, error })),
  };
  void follow(api, follower, signal);
}
