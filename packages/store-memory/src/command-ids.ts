import type { CommandId } from '@stockfold/core';
import { Column } from './column.ts';
import { hash, RowIndex } from './row-index.ts';

const WORDS = 4;

/**
 * The id of each record, in 16 bytes, and where it is: 24 bytes or so each. As text in a `Map` it is 84 to 112, the most
 * that is kept of a command with one line.
 */
export class CommandIds {
  readonly #words = new Column(Int32Array);
  readonly #rows = new RowIndex(row => this.#hashOf(row));

  /** The row of an id; -1 when there is none. */
  find(id: CommandId): number {
    const [a, b, c, d] = wordsOf(id);
    for (let place = this.#rows.first(hashOf(a, b, c, d)); ; place = this.#rows.next(place)) {
      const row = this.#rows.rowAt(place);
      if (row < 0 || this.#is(row, a, b, c, d)) return row;
    }
  }

  /** Adds one that is not there. */
  push(id: CommandId): void {
    const row = this.#words.length / WORDS;
    for (const word of wordsOf(id)) this.#words.push(word);
    this.#rows.add(row);
  }

  at(row: number): CommandId {
    const at = (word: number) => (this.#words.at(row * WORDS + word) >>> 0).toString(16).padStart(8, '0');
    const hex = at(0) + at(1) + at(2) + at(3);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as CommandId;
  }

  #is(row: number, a: number, b: number, c: number, d: number): boolean {
    const words = this.#words;
    const first = row * WORDS;
    return words.at(first) === a && words.at(first + 1) === b && words.at(first + 2) === c && words.at(first + 3) === d;
  }

  #hashOf(row: number): number {
    const at = (word: number) => this.#words.at(row * WORDS + word);
    return hashOf(at(0), at(1), at(2), at(3));
  }
}

function hashOf(a: number, b: number, c: number, d: number): number {
  return hash(d, hash(c, hash(b, hash(a))));
}

/** The digits of a UUID, eight to a word: 01234567-89ab-cdef-0123-456789abcdef. */
function wordsOf(id: CommandId): readonly [number, number, number, number] {
  return [wordAt(id, 0, 8), wordAt(id, 9, 18), wordAt(id, 19, 28), wordAt(id, 28, 36)];
}

const HYPHEN = 45;

function wordAt(id: CommandId, from: number, to: number): number {
  let word = 0;
  for (let at = from; at < to; at++) {
    const code = id.charCodeAt(at);
    // '0' is 48 and 'a' is 97.
    if (code !== HYPHEN) word = (word << 4) | (code < 58 ? code - 48 : code - 87);
  }
  return word;
}
