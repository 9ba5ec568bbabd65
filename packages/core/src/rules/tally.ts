import type { BalanceKey } from '../model/balance.ts';
import type { Command } from '../model/command.ts';
import type { LocationId, ProductId, VariantId } from '../model/id.ts';
import type { MovementLine } from '../model/movement.ts';

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

/** Every balance that some commands look at, with what their lines do to it: 0 for one that is only expected. */
export function tallyReads(commands: readonly Command[]): readonly TallyEntry[] {
  const sums = new Sums();
  for (const command of commands) {
    if (command.kind !== 'RecordMovements') continue;
    sums.addLines(command.lines);
    for (const expectation of command.expect) sums.add(expectation, expectation.locationId, 0);
  }
  return sums.entries;
}

type OpenEntry = { readonly key: BalanceKey; readonly productId: ProductId; delta: number };

/** Sums by variant, then by location; a variant is at few locations at once, so there a list is looked through. */
class Sums {
  readonly entries: OpenEntry[] = [];
  readonly #ofVariant = new Map<VariantId, OpenEntry[]>();

  addLines(lines: readonly MovementLine[]): void {
    for (const line of lines) {
      this.add(line, line.from, -line.quantity);
      this.add(line, line.to, line.quantity);
    }
  }

  add({ variantId, productId }: Place, locationId: LocationId, delta: number): void {
    const known = this.#ofVariant.get(variantId);
    if (known !== undefined)
      for (const entry of known)
        if (entry.key.locationId === locationId) {
          entry.delta += delta;
          return;
        }
    const entry = { key: { variantId, locationId }, productId, delta };
    this.entries.push(entry);
    if (known === undefined) this.#ofVariant.set(variantId, [entry]);
    else known.push(entry);
  }
}
