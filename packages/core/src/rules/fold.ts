import type { BalanceKey } from '../model/balance.ts';
import type { LocationId, VariantId } from '../model/id.ts';
import { type JournalRecord, linesOf } from '../model/journal.ts';
import type { MovementLine } from '../model/movement.ts';

/**
 * The balances of some movements, by hand in two maps: this is the loop that runs over whole journals, where a draft
 * for every line would cost 3 to 10 times as much.
 */
export class Fold {
  readonly onHand: Map<VariantId, Map<LocationId, number>> = new Map();

  /** Adds movements, in any order: sums commute. */
  add(lines: readonly MovementLine[]): this {
    for (const line of lines) {
      const balances = this.onHand.get(line.variantId) ?? new Map<LocationId, number>();
      this.onHand.set(line.variantId, balances);
      balances.set(line.from, (balances.get(line.from) ?? 0) - line.quantity);
      balances.set(line.to, (balances.get(line.to) ?? 0) + line.quantity);
    }
    return this;
  }

  /**
   * Adds to one balance.
   *
   * @param delta - Smallest units; below zero for stock that left.
   * @returns What the balance comes to, in smallest units.
   */
  move({ variantId, locationId }: BalanceKey, delta: number): number {
    const balances = this.onHand.get(variantId) ?? new Map<LocationId, number>();
    if (balances.size === 0) this.onHand.set(variantId, balances);
    const onHand = (balances.get(locationId) ?? 0) + delta;
    balances.set(locationId, onHand);
    return onHand;
  }

  /** Adds everything a record moved. */
  addRecord(record: JournalRecord): this {
    return this.add(linesOf(record));
  }

  /** Every key that was moved, with its balance; those of net 0 too. */
  *entries(): Generator<BalanceKey & { readonly onHand: number }> {
    for (const [variantId, balances] of this.onHand)
      for (const [locationId, onHand] of balances) yield { variantId, locationId, onHand };
  }
}
