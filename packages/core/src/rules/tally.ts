import type { BalanceKey } from '../model/balance.ts';
import type { Command } from '../model/command.ts';
import type { LocationId, ProductId, VariantId } from '../model/id.ts';
import type { MovementLine } from '../model/movement.ts';

/** What some lines together do to one balance. */
export type TallyEntry = Readonly<{ key: BalanceKey; productId: ProductId; delta: number }>;

type OpenEntry = { readonly key: BalanceKey; readonly productId: ProductId; delta: number };
type Index = Map<VariantId, Map<LocationId, OpenEntry>>;

// Lines are never written over, so a list is added up once: for what it touches, to decide on it, and to plan it.
const known = new WeakMap<readonly MovementLine[], readonly TallyEntry[]>();

/**
 * Adds lines up per balance, each key once, in the order of first mention.
 *
 * Within a command only the sum counts: it has one place in the journal, so no balance is ever seen between its lines.
 */
export function tally(lines: readonly MovementLine[]): readonly TallyEntry[] {
  const added = known.get(lines);
  if (added !== undefined) return added;
  const entries: OpenEntry[] = [];
  addLines(new Map(), entries, lines);
  known.set(lines, entries);
  return entries;
}

/** Every balance that some commands look at, with what their lines do to it: 0 for one that is only expected. */
export function tallyReads(commands: readonly Command[]): readonly TallyEntry[] {
  const [first] = commands;
  if (commands.length === 1 && first?.kind === 'RecordMovements' && first.expect.length === 0)
    return tally(first.lines);
  const entries: OpenEntry[] = [];
  const index: Index = new Map();
  for (const command of commands) {
    if (command.kind !== 'RecordMovements') continue;
    addLines(index, entries, command.lines);
    for (const expectation of command.expect) entryOf(index, entries, expectation, expectation.locationId);
  }
  return entries;
}

function addLines(index: Index, entries: OpenEntry[], lines: readonly MovementLine[]): void {
  for (const line of lines) {
    entryOf(index, entries, line, line.from).delta -= line.quantity;
    entryOf(index, entries, line, line.to).delta += line.quantity;
  }
}

function entryOf(
  index: Index,
  entries: OpenEntry[],
  line: Readonly<{ variantId: VariantId; productId: ProductId }>,
  locationId: LocationId,
): OpenEntry {
  const ofVariant = index.get(line.variantId) ?? new Map<LocationId, OpenEntry>();
  if (ofVariant.size === 0) index.set(line.variantId, ofVariant);
  const open = ofVariant.get(locationId);
  if (open !== undefined) return open;
  const entry = { key: { variantId: line.variantId, locationId }, productId: line.productId, delta: 0 };
  ofVariant.set(locationId, entry);
  entries.push(entry);
  return entry;
}
