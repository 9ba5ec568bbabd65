import type { BalanceKey, LocationId, ProductId, VariantId } from '@stockfold/core';
import { Column } from './column.ts';
import type { Ids } from './ids.ts';
import { Postings } from './postings.ts';
import { hash, RowIndex } from './row-index.ts';

const NONE = -1;

/**
 * All balances and what they were after each record. A balance is a row: whose it is, and its newest posting, whose
 * `after` is the balance. The rows of a variant are a chain too.
 */
export class Balances {
  readonly postings: Postings = new Postings();
  readonly #ids: Ids;
  /** Of each id that is a variant: its product, and the last of its rows. */
  readonly #productOf = new Column(Int32Array);
  readonly #lastRow = new Column(Int32Array);
  /** Of each row. */
  readonly #variant = new Column(Int32Array);
  readonly #location = new Column(Int32Array);
  readonly #newest = new Column(Int32Array);
  readonly #before = new Column(Int32Array);
  readonly #rows = new RowIndex(row => hash(this.#location.at(row), hash(this.#variant.at(row))));
  /** All variants in the order of pages; null when one has come since. */
  #sorted: readonly VariantId[] | null = null;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /** The row of a balance; -1 when it never moved. */
  find({ variantId, locationId }: BalanceKey): number {
    const variant = this.#ids.find(variantId);
    const location = this.#ids.find(locationId);
    if (variant === undefined || location === undefined) return NONE;
    for (let place = this.#rows.first(hash(location, hash(variant))); ; place = this.#rows.next(place)) {
      const row = this.#rows.rowAt(place);
      if (row < 0 || (this.#variant.at(row) === variant && this.#location.at(row) === location)) return row;
    }
  }

  /** The balance of a row; 0 for that of none. */
  onHand(row: number): number {
    return row < 0 ? 0 : this.postings.after(this.#newest.at(row));
  }

  /** What the balance of a row was after a sequence; null when it had not moved yet. */
  onHandAt(row: number, sequence: number): number | null {
    const posting = this.postings.asOf(this.#newest.at(row), sequence);
    return posting === null ? null : this.postings.after(posting);
  }

  newest(row: number): number {
    return this.#newest.at(row);
  }

  locationOf(row: number): LocationId {
    return this.#ids.at(this.#location.at(row));
  }

  /** Undefined for a variant that never moved. */
  productOf(variantId: VariantId): ProductId | undefined {
    const variant = this.#ids.find(variantId);
    if (variant === undefined || variant >= this.#productOf.length || this.#lastRow.at(variant) === NONE)
      return undefined;
    return this.#ids.at(this.#productOf.at(variant));
  }

  /** The rows of a variant in the order of their locations. */
  rowsOf(variantId: VariantId): readonly number[] {
    const variant = this.#ids.find(variantId);
    if (variant === undefined || variant >= this.#lastRow.length) return [];
    const rows: number[] = [];
    for (let row = this.#lastRow.at(variant); row !== NONE; row = this.#before.at(row)) rows.push(row);
    return rows.sort((a, b) => (this.locationOf(a) < this.locationOf(b) ? -1 : 1));
  }

  /** All variants that ever moved, in the order of pages. */
  variants(): readonly VariantId[] {
    this.#sorted ??= this.#unsorted().sort();
    return this.#sorted;
  }

  /** Moves the balance of a row on. */
  post(row: number, sequence: number, after: number): void {
    this.#newest.set(row, this.postings.push(this.#newest.at(row), sequence, after));
  }

  /** Begins a balance with its first posting, and gives its row. */
  open({ variantId, locationId }: BalanceKey, productId: ProductId, sequence: number, after: number): number {
    const variant = this.#variantNumber(variantId, productId);
    this.#variant.push(variant);
    this.#location.push(this.#ids.of(locationId));
    this.#before.push(this.#lastRow.at(variant));
    const row = this.#newest.push(this.postings.push(null, sequence, after));
    this.#lastRow.set(variant, row);
    this.#rows.add(row);
    return row;
  }

  /** The first movement of a variant settles its product. */
  #variantNumber(variantId: VariantId, productId: ProductId): number {
    const variant = this.#ids.of(variantId);
    const product = this.#ids.of(productId);
    while (this.#lastRow.length < this.#ids.length) {
      this.#productOf.push(NONE);
      this.#lastRow.push(NONE);
    }
    if (this.#lastRow.at(variant) === NONE) {
      this.#productOf.set(variant, product);
      this.#sorted = null;
    }
    return variant;
  }

  #unsorted(): VariantId[] {
    const variants: VariantId[] = [];
    for (let number = 0; number < this.#lastRow.length; number++)
      if (this.#lastRow.at(number) !== NONE) variants.push(this.#ids.at(number));
    return variants;
  }
}
