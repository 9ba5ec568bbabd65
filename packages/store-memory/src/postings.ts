import type { StoredPosting } from '@stockfold/core';
import { Column } from './column.ts';

/**
 * What each record made of each balance: the past of every balance as a chain from its newest posting back to its
 * first.
 *
 * Each posting also jumps further back, so that any place of a chain is found in a number of steps that follows the
 * logarithm of its length, and adding one looks at two others.
 *
 * @see Myers, "An applicative random-access stack", 1983: the chain with jumps of skew-binary lengths.
 */
export class Postings {
  readonly #sequence = new Column(Int32Array);
  readonly #after = new Column(Float64Array);
  /** 0 for the first of its chain, 1 for the next. */
  readonly #ordinal = new Column(Int32Array);
  readonly #previous = new Column(Int32Array);
  readonly #jump = new Column(Int32Array);

  /** The balance after a posting. */
  after(posting: number): number {
    return this.#after.at(posting);
  }

  /** Begins a chain, or adds to the one that ends with `newest`; gives the posting that it ends with now. */
  push(newest: number | null, sequence: number, after: number): number {
    this.#sequence.push(sequence);
    this.#after.push(after);
    const self = this.#previous.push(newest ?? this.#previous.length);
    this.#ordinal.push(newest === null ? 0 : this.#ordinal.at(newest) + 1);
    this.#jump.push(newest === null ? self : this.#jumpFrom(newest));
    return self;
  }

  /** The posting of a chain that a sequence was left with; null before its first. */
  asOf(newest: number, sequence: number): number | null {
    let posting = newest;
    while (this.#sequence.at(posting) > sequence) {
      if (this.#ordinal.at(posting) === 0) return null;
      const far = this.#jump.at(posting);
      posting = this.#sequence.at(far) > sequence ? far : this.#previous.at(posting);
    }
    return posting;
  }

  /** Postings of a chain after a sequence, in order, and whether there are more. */
  page(newest: number, after: number, limit: number): Readonly<{ items: readonly StoredPosting[]; isLast: boolean }> {
    const known = this.asOf(newest, after);
    const first = known === null ? 0 : this.#ordinal.at(known) + 1;
    const end = Math.min(first + limit, this.#ordinal.at(newest) + 1);
    const items: StoredPosting[] = [];
    let posting = this.#back(newest, end - 1);
    for (let ordinal = end - 1; ordinal >= first; ordinal--) {
      items.push({ sequence: this.#sequence.at(posting), onHand: this.#after.at(posting) });
      posting = this.#previous.at(posting);
    }
    return { items: items.reverse(), isLast: end > this.#ordinal.at(newest) };
  }

  /** Two jumps of one length become one of twice that; otherwise it is one step. */
  #jumpFrom(previous: number): number {
    const near = this.#jump.at(previous);
    const far = this.#jump.at(near);
    const isSame =
      this.#ordinal.at(previous) - this.#ordinal.at(near) === this.#ordinal.at(near) - this.#ordinal.at(far);
    return isSame ? far : previous;
  }

  /** The posting of a chain at an ordinal. */
  #back(newest: number, ordinal: number): number {
    let posting = newest;
    while (this.#ordinal.at(posting) > ordinal) {
      const far = this.#jump.at(posting);
      posting = this.#ordinal.at(far) >= ordinal ? far : this.#previous.at(posting);
    }
    return posting;
  }
}
