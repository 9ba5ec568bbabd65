import type { MovementLineInput } from '@stockfold/core';

type Line = Readonly<{ productId: string; variantId: string; from: string; to: string; quantity: number }>;
type Cell = { onHand: number; readonly sequences: number[]; readonly afters: number[] };
type Change = {
  readonly variantId: string;
  readonly locationId: string;
  readonly cell: Cell | undefined;
  delta: number;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * The reference: the least code that reads a command, holds the same rules (ids and quantities well formed, locations
 * open, products tracked, variants of one product, safe integers, the floor of STORE, an id only once) and keeps the
 * same records: the journal, balances, what each record made of each balance. One synchronous step without errors that
 * a caller could act on.
 */
export class HandWrittenLoop {
  readonly #locations: ReadonlySet<string>;
  readonly #tracked = new Set<string>();
  readonly #productOf = new Map<string, string>();
  readonly #cells = new Map<string, Map<string, Cell>>();
  readonly #journal: { sequence: number; id: string; recordedAt: number; lines: readonly Line[] }[] = [];
  readonly #sequenceOf = new Map<string, number>();
  readonly #names: Readonly<Record<string, string>>;

  constructor(locations: Readonly<Record<string, string>>) {
    this.#names = locations;
    this.#locations = new Set(Object.values(locations));
  }

  track(productIds: readonly string[]): void {
    for (const id of productIds) this.#tracked.add(id);
  }

  /** @returns The sequence. Throws when a rule is broken, having changed nothing. */
  execute(id: string, input: readonly MovementLineInput[]): number {
    const known = this.#sequenceOf.get(uuid(id));
    if (known !== undefined) return known;
    const lines = input.map(line => this.#read(line));
    const changes = this.#changes(lines);
    const store = this.#names.STORE;
    for (const { locationId, cell, delta } of changes) {
      const after = (cell?.onHand ?? 0) + delta;
      if (!Number.isSafeInteger(after) || (locationId === store && delta < 0 && after < 0)) throw new Error('balance');
    }
    const sequence = this.#journal.length + 1;
    this.#journal.push({ sequence, id, recordedAt: Date.now(), lines });
    this.#sequenceOf.set(id, sequence);
    for (const { variantId, productId } of lines) this.#productOf.set(variantId, productId);
    for (const change of changes) this.#post(change, sequence);
    return sequence;
  }

  #read({ productId, variantId, from, to, quantity }: MovementLineInput): Line {
    const line = {
      productId: uuid(productId),
      variantId: uuid(variantId),
      from: this.#names[from] ?? uuid(from),
      to: this.#names[to] ?? uuid(to),
      quantity,
    };
    if (!Number.isSafeInteger(quantity) || quantity < 1 || line.from === line.to) throw new Error('quantity');
    if (!this.#locations.has(line.from) || !this.#locations.has(line.to)) throw new Error('location');
    if (!this.#tracked.has(line.productId)) throw new Error('product');
    if ((this.#productOf.get(line.variantId) ?? line.productId) !== line.productId) throw new Error('variant');
    return line;
  }

  #changes(lines: readonly Line[]): readonly Change[] {
    const changes: Change[] = [];
    const index = new Map<string, Map<string, Change>>();
    const add = (variantId: string, locationId: string, delta: number) => {
      const ofVariant = index.get(variantId) ?? new Map<string, Change>();
      if (ofVariant.size === 0) index.set(variantId, ofVariant);
      const known = ofVariant.get(locationId);
      if (known !== undefined) {
        known.delta += delta;
        return;
      }
      const change = { variantId, locationId, cell: this.#cells.get(variantId)?.get(locationId), delta };
      ofVariant.set(locationId, change);
      changes.push(change);
    };
    for (const { variantId, from, to, quantity } of lines) {
      add(variantId, from, -quantity);
      add(variantId, to, quantity);
    }
    return changes;
  }

  #post({ variantId, locationId, cell: known, delta }: Change, sequence: number): void {
    const cell = known ?? { onHand: 0, sequences: [], afters: [] };
    if (known === undefined) {
      const cells = this.#cells.get(variantId) ?? new Map<string, Cell>();
      this.#cells.set(variantId, cells.set(locationId, cell));
    }
    cell.onHand += delta;
    cell.sequences.push(sequence);
    cell.afters.push(cell.onHand);
  }
}

function uuid(input: string): string {
  const lower = input.toLowerCase();
  if (!UUID.test(lower)) throw new Error('uuid');
  return lower;
}
