import type { MovementLine } from '@stockfold/core';
import { Column } from './column.ts';
import type { Ids } from './ids.ts';

/** The movements of all records, one after the other: 24 bytes each. */
export class Lines {
  readonly #ids: Ids;
  readonly #columns = {
    productId: new Column(Int32Array),
    variantId: new Column(Int32Array),
    from: new Column(Int32Array),
    to: new Column(Int32Array),
    quantity: new Column(Float64Array),
    // A field that a line is given one day is missing here, and the compiler says so.
  } satisfies Record<keyof MovementLine, Column>;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  get length(): number {
    return this.#columns.quantity.length;
  }

  push(line: MovementLine): void {
    const ids = this.#ids;
    const { productId, variantId, from, to, quantity } = this.#columns;
    productId.push(ids.of(line.productId));
    variantId.push(ids.of(line.variantId));
    from.push(ids.of(line.from));
    to.push(ids.of(line.to));
    quantity.push(line.quantity);
  }

  /** New objects: what a caller does with them cannot reach the journal. */
  read(first: number, end: number): readonly MovementLine[] {
    const ids = this.#ids;
    const { productId, variantId, from, to, quantity } = this.#columns;
    const lines: MovementLine[] = [];
    for (let row = first; row < end; row++)
      lines.push({
        productId: ids.at(productId.at(row)),
        variantId: ids.at(variantId.at(row)),
        from: ids.at(from.at(row)),
        to: ids.at(to.at(row)),
        quantity: quantity.at(row) as MovementLine['quantity'],
      });
    return lines;
  }
}
