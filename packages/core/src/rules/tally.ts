import type { BalanceKey } from '../model/balance.ts';
import type { Command } from '../model/command.ts';
import type { LocationId, ProductId, VariantId } from '../model/id.ts';
import type { MovementLine } from '../model/movement.ts';
import { promisesOf } from './promises.ts';

/** What some lines together do to one balance. */
export type TallyEntry = Readonly<{ key: BalanceKey; productId: ProductId; delta: number }>;

/** Names a balance, and the product that its variant is said to belong to. */
type Place = Readonly<{ variantId: VariantId; productId: ProductId }>;

/**
 * Adds lines up per balance, each key once, in the order of first mention.
 *
 * Within a command only the sum counts: it has one place in the journal, so no balance is ever seen between its lines.
 */
export function tally(lines: readonly MovementLine[]): readonly TallyEntry[] {
  const sums = new Sums();
  sums.addLines(lines);
  return sums.entries;
}

/** What the lines of a command do to each balance; nothing for a command without lines. */
export function movesOf(command: Command): readonly TallyEntry[] {
  return command.kind === 'RecordMovements' ? tally(command.lines) : [];
}

/** Every balance that some commands look at, with what their lines do to it: 0 for one that is only expected, or promised. */
export function tallyReads(commands: readonly Command[]): readonly TallyEntry[] {
  const sums = new Sums();
  for (const command of commands) {
    if (command.kind !== 'RecordMovements') continue;
    sums.addLines(command.lines);
    for (const expectation of command.expect) sums.add(expectation, expectation.locationId, 0);
    for (const promised of promisesOf(command)) sums.add(promised, promised.locationId, 0);
  }
  return sums.entries;
}

type OpenEntry = { readonly key: BalanceKey; readonly productId: ProductId; delta: number };

// A `Map` for as few entries as this costs more than to look through them: most commands have one line or two.
const FEW = 8;

/** Sums by variant, then by location; a variant is at few locations at once, so there a list is looked through. */
class Sums {
  readonly entries: OpenEntry[] = [];
  #ofVariant: Map<VariantId, OpenEntry[]> | null = null;

  addLines(lines: readonly MovementLine[]): void {
    for (const line of lines) {
      this.add(line, line.from, -line.quantity);
      this.add(line, line.to, line.quantity);
    }
  }

  add({ variantId, productId }: Place, locationId: LocationId, delta: number): void {
    const near = this.#ofVariant === null ? this.entries : this.#ofVariant.get(variantId);
    if (near !== undefined)
      for (const entry of near)
        if (entry.key.locationId === locationId && entry.key.variantId === variantId) {
          entry.delta += delta;
          return;
        }
    const entry = { key: { variantId, locationId }, productId, delta };
    this.entries.push(entry);
    if (this.#ofVariant !== null) this.#index(this.#ofVariant, entry);
    else if (this.entries.length > FEW) this.#indexAll();
  }

  #indexAll(): void {
    const ofVariant = new Map<VariantId, OpenEntry[]>();
    for (const entry of this.entries) this.#index(ofVariant, entry);
    this.#ofVariant = ofVariant;
  }

  #index(ofVariant: Map<VariantId, OpenEntry[]>, entry: OpenEntry): void {
    const known = ofVariant.get(entry.key.variantId);
    if (known === undefined) ofVariant.set(entry.key.variantId, [entry]);
    else known.push(entry);
  }
}
