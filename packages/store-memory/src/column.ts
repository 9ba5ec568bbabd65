type Numbers = Int32Array | Float64Array;

const FIRST_ROWS = 16;
// A larger step copies less often and leaves more room unused: at most a fifth of the column here.
const GROWTH = 1.25;

/** Numbers in rows, growing at the end: 4 or 8 bytes each, where a field of an object takes 8 and the object 24 more. */
export class Column {
  length = 0;
  readonly #kind: new (
    length: number,
  ) => Numbers;
  #numbers: Numbers;

  /** @param kind - `Int32Array` for places and sequences, `Float64Array` for what may be any safe integer. */
  constructor(kind: new (length: number) => Numbers) {
    this.#kind = kind;
    this.#numbers = new kind(FIRST_ROWS);
  }

  at(row: number): number {
    return this.#numbers[row] as number;
  }

  set(row: number, value: number): void {
    this.#numbers[row] = value;
  }

  /** @returns The row. */
  push(value: number): number {
    if (this.length === this.#numbers.length) this.#grow();
    this.#numbers[this.length] = value;
    return this.length++;
  }

  #grow(): void {
    const larger = new this.#kind(Math.ceil(this.length * GROWTH));
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
