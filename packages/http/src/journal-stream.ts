import type { JournalQueryInput, Ledger, SetTimer, StoredRecord } from '@stockfold/core';
import { ok } from 'neverthrow';
import { amountsOf, writeAmounts } from './amounts.ts';
import { movementRow } from './answers.ts';
import { toMovementRow } from './movement-row.ts';
import { scaleOf } from './scale-of.ts';

/** What a stream of the journal is made of. */
export type JournalStreamOptions = Readonly<{
  ledger: Ledger;
  /** Only records after this sequence. */
  after: number;
  /** A source whose records are left out. */
  exceptSource?: string | undefined;
  setTimer: SetTimer;
  /** Ends the stream. */
  signal?: AbortSignal | undefined;
  onOpen: () => void;
  onClose: () => void;
}>;

/** A stream that is silent for so long says that it is alive, in milliseconds. */
export const KEEP_ALIVE_MS = 15_000;
/** A stream ends after so long, in milliseconds: its client comes back with its token, and with where it was. */
export const STREAM_LIFE_MS = 900_000;
// A record has up to 1,000 lines, so that a page of these is a few megabytes at most.
const PAGE_RECORDS = 16;

/**
 * The journal as server-sent events, one per record, as it grows. The id of an event is the sequence of its record.
 *
 * A page is read when the client has taken the one before: a slow client makes nothing wait in memory, and a client that
 * never reads costs nothing.
 *
 * @see HTML Standard, "Server-sent events".
 */
export function journalStream(options: JournalStreamOptions): ReadableStream<Uint8Array> {
  const tail = new Tail(options);
  return new ReadableStream<Uint8Array>(
    { pull: async controller => tail.pull(controller), cancel: () => tail.end() },
    // Nothing is read before it is asked for.
    { highWaterMark: 0 },
  );
}

class Tail {
  readonly #options: JournalStreamOptions;
  readonly #encoder = new TextEncoder();
  #after: number;
  #stop: (() => void) | undefined;
  /** Something may have been recorded since the journal was read. */
  #isStale = true;
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(options: JournalStreamOptions) {
    this.#options = options;
    this.#after = options.after;
  }

  /** Comes back with something for the client, or at the end. */
  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.#open();
    const text = await this.#next();
    if (text !== null) controller.enqueue(this.#encoder.encode(text));
    else if (this.#isOver) close(controller);
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stop?.();
    this.#wake();
  }

  #open(): void {
    if (this.#stop !== undefined) return;
    const { ledger, exceptSource, setTimer, signal, onOpen, onClose } = this.#options;
    // To watch no balance at all is to be told of every commit.
    const unwatch = ledger.watch({ variantIds: [], exceptSource }, () => {
      this.#isStale = true;
      this.#wake();
    });
    const end = () => this.end();
    const cancelLife = setTimer(end, STREAM_LIFE_MS);
    signal?.addEventListener('abort', end);
    onOpen();
    this.#stop = () => {
      unwatch();
      cancelLife();
      signal?.removeEventListener('abort', end);
      onClose();
    };
    if (signal?.aborted === true) this.end();
  }

  /** The next records, or a sign of life; null at the end. */
  async #next(): Promise<string | null> {
    for (let isSilent = false; !this.#isOver; ) {
      if (this.#isStale || isSilent) {
        this.#isStale = false;
        const { ledger, exceptSource } = this.#options;
        const page = await readRows(ledger, { after: this.#after, limit: PAGE_RECORDS, exceptSource });
        if (page.isErr() && page.error.retry === 'never') this.end();
        const items = page.isOk() ? page.value.items : [];
        this.#after = items.at(-1)?.sequence ?? this.#after;
        // What was left out need not be looked at again.
        if (exceptSource !== undefined && page.isOk())
          this.#after = Math.max(this.#after, Number(page.value.next ?? page.value.asOf));
        this.#isStale ||= page.isOk() && page.value.next !== null;
        if (this.#isOver) return null;
        if (items.length > 0) return items.map(eventOf).join('');
        if (isSilent) return ': still here\n\n';
      }
      if (!this.#isStale) isSilent = await this.#sleep();
    }
    return null;
  }

  /** Until something is recorded, or nothing was for some time: then true. */
  #sleep(): Promise<boolean> {
    return new Promise(resolve => {
      const cancel = this.#options.setTimer(() => resolve(true), KEEP_ALIVE_MS);
      this.#wake = () => {
        cancel();
        resolve(false);
      };
    });
  }
}

/** Records with their rows, as clients read them. */
function readRows(ledger: Ledger, query: JournalQueryInput) {
  return ledger.journal(query).andThen(({ items, ...page }) => {
    if (items.length === 0) return ok({ ...page, items: [] });
    return scaleOf(ledger).map(scale => {
      const rowOf = (record: StoredRecord) => writeAmounts(toMovementRow(record), AMOUNTS, scale);
      return { ...page, items: items.map(record => ({ sequence: record.sequence, row: rowOf(record) })) };
    });
  });
}

const AMOUNTS = amountsOf(movementRow);

function eventOf({ sequence, row }: Readonly<{ sequence: number; row: unknown }>): string {
  // JSON has no line break of its own, so that one line of data is enough.
  return `id: ${sequence}\nevent: record\ndata: ${JSON.stringify(row)}\n\n`;
}

function close(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.close();
  } catch {
    // The client has gone away itself.
  }
}
