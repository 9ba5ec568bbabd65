import type { StoredRecord } from '@stockfold/core';
import { err, ok, type Result, ResultAsync } from 'neverthrow';
import type { Api } from '../api/api.ts';
import type { ApiError } from '../api/api-error.ts';

/** Records in order, without gap, up to the last that was asked for. */
export type Records = readonly StoredRecord[];

const PAGE_RECORDS = 100;
/** So many records are remembered at most. */
const KEPT_RECORDS = 4_000;
// A record may have 1,000 lines: a reading ends with the page in which it has got so many.
const LINES_MAX = 20_000;

/** The journal, page by page, from its end: a record never changes, so each is read once while it is remembered. */
export class JournalCache {
  /** Another one for another cache: names what was read from it. */
  readonly epoch: number;
  readonly #ask: Api['ask'];
  readonly #records = new Map<number, StoredRecord>();
  /** Pages are read one after another, so that what two readers want is read for the first and found by the second. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ ask }: Pick<Api, 'ask'>, epoch: number) {
    this.#ask = ask;
    this.epoch = epoch;
  }

  /**
   * The records between two sequences, both included. Where they have very many lines, only the last of them: the first
   * that is given then has a later sequence than was asked for.
   */
  read(from: number, to: number, signal: AbortSignal): ResultAsync<Records, ApiError> {
    return new ResultAsync(this.#read(Math.max(1, from), to, signal));
  }

  async #read(from: number, to: number, signal: AbortSignal): Promise<Result<Records, ApiError>> {
    const pages: Records[] = [];
    for (let end = to, lines = 0; end >= from && lines < LINES_MAX; end -= PAGE_RECORDS) {
      const page = await this.#takeTurn(() => this.#page(Math.max(from, end - PAGE_RECORDS + 1), end, signal));
      if (page.isErr()) return err(page.error);
      pages.unshift(page.value);
      lines += page.value.reduce((sum, record) => sum + linesIn(record), 0);
    }
    return ok(pages.flat());
  }

  #takeTurn<T>(read: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(read);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** A page, of which only what is not remembered is asked for. */
  async #page(from: number, to: number, signal: AbortSignal): Promise<Result<Records, ApiError>> {
    const sequences = Array.from({ length: to - from + 1 }, (_, index) => from + index);
    for (const { first, count } of runsOf(sequences.filter(sequence => !this.#records.has(sequence)))) {
      const query = { after: first - 1, limit: count };
      const page = await this.#ask({ kind: 'journal', query }, signal);
      if (page.isErr()) return err(page.error);
      for (const record of page.value.items) this.#records.set(record.sequence, record);
    }
    const found = sequences.flatMap(sequence => this.#records.get(sequence) ?? []);
    this.#forget();
    return ok(found);
  }

  #forget(): void {
    for (const sequence of this.#records.keys()) {
      if (this.#records.size <= KEPT_RECORDS) return;
      this.#records.delete(sequence);
    }
  }
}

/** Stretches without a gap; nearly always there is one. */
function runsOf(sequences: readonly number[]): readonly Readonly<{ first: number; count: number }>[] {
  const runs: { first: number; count: number }[] = [];
  for (const sequence of sequences) {
    const run = runs.at(-1);
    if (run !== undefined && run.first + run.count === sequence) run.count += 1;
    else runs.push({ first: sequence, count: 1 });
  }
  return runs;
}

function linesIn({ events }: StoredRecord): number {
  return events.reduce((sum, event) => sum + (event.kind === 'MovementsRecorded' ? event.lines.length : 0), 0);
}
