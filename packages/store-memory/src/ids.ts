import type { Uuid } from '@stockfold/core';

/** Numbers for ids: 4 bytes wherever one is named, where text takes 8 and its 56 once more for each command that came in. */
export class Ids {
  readonly #numbers = new Map<Uuid, number>();
  readonly #ids: Uuid[] = [];

  get length(): number {
    return this.#ids.length;
  }

  /** Undefined for an id that nothing names. */
  find(id: Uuid): number | undefined {
    return this.#numbers.get(id);
  }

  /** The number of an id, a new one if it has none. */
  of(id: Uuid): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    this.#numbers.set(id, this.#ids.length);
    return this.#ids.push(id) - 1;
  }

  at(number: number): Uuid {
    return this.#ids[number] as Uuid;
  }
}
