const FIRST_PLACES = 16;

/**
 * Finds rows by what they hold, without holding it once more: a table of hashes that knows row numbers alone. The rows
 * of one hash stand one behind the other; whoever asks looks which of them is the one.
 */
export class RowIndex {
  readonly #hashOf: (row: number) => number;
  /** Rows, counted from 1; 0 where there is none. */
  #places = new Int32Array(FIRST_PLACES);
  #count = 0;

  /** @param hashOf - The hash of what a row holds, see {@link hash}. */
  constructor(hashOf: (row: number) => number) {
    this.#hashOf = hashOf;
  }

  /** Where to begin to look. */
  first(hash: number): number {
    return hash & (this.#places.length - 1);
  }

  next(place: number): number {
    return (place + 1) & (this.#places.length - 1);
  }

  /** The row at a place; -1 when there is none, and none further on. */
  rowAt(place: number): number {
    return (this.#places[place] as number) - 1;
  }

  /** Adds a row that has been written. */
  add(row: number): void {
    this.#count += 1;
    if (this.#count * 4 > this.#places.length * 3) this.#grow();
    this.#put(row);
  }

  #put(row: number): void {
    let place = this.first(this.#hashOf(row));
    while (this.#places[place] !== 0) place = this.next(place);
    this.#places[place] = row + 1;
  }

  #grow(): void {
    const rows = this.#places;
    this.#places = new Int32Array(rows.length * 2);
    for (const row of rows) if (row !== 0) this.#put(row - 1);
  }
}

// Of this process alone, so that nobody can choose ids that fall on one place.
const SEED = Math.floor(Math.random() * 2 ** 32) | 0;

/** Begins a hash, or adds 32 bits to one. */
export function hash(value: number, before: number = SEED): number {
  const mixed = Math.imul(before ^ value, 0x85eb_ca6b);
  return mixed ^ (mixed >>> 15);
}
