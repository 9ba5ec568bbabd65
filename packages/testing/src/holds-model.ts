/** One hold of the model; amounts are smallest units, times milliseconds. */
type ModelHold = { variant: number; quantity: number; expiresAt: number | null; isOpen: boolean };

/** How much of a hold; null for all that is left. */
type Part = Readonly<{ hold: number; quantity: number | null }>;
type Moved = Readonly<{ variant: number; quantity: number }>;

/** What is done to a shelf of two variants, counted from 0, and to the holds on it, numbered by whoever places them. */
export type HoldOp =
  | Readonly<{
      kind: 'reserve';
      lines: readonly Readonly<{ hold: number; variant: number; quantity: number }>[];
      ttl: number | null;
    }>
  | (Part & Readonly<{ kind: 'post' }>)
  | (Part & Readonly<{ kind: 'release' }>)
  | (Moved & Readonly<{ kind: 'sell' }>)
  | (Moved & Readonly<{ kind: 'restock' }>)
  | (Moved & Readonly<{ kind: 'lose' }>)
  | Readonly<{ kind: 'sweep' }>
  | Readonly<{ kind: 'wait'; ms: number }>;

/** The smallest shelf with holds that is obviously right: it goes through all holds for every question. */
export class HoldsModel {
  readonly #stock: number[];
  readonly #holds = new Map<number, ModelHold>();

  /** @param stock - Smallest units of each variant. */
  constructor(stock: readonly number[]) {
    this.#stock = [...stock];
  }

  /** What a ledger answers at a time: `recorded`, or the kind of its error. */
  apply(op: HoldOp, now: number): string {
    if (op.kind === 'reserve') return this.#reserve(op.lines, op.ttl === null ? null : now + op.ttl, now);
    if (op.kind === 'post' || op.kind === 'release') return this.#end(op, now);
    if (op.kind === 'sweep') {
      for (const hold of this.#holds.values()) if (!isLive(hold, now)) hold.isOpen = false;
    } else if (op.kind !== 'wait') {
      const [onHand, reserved] = this.availability(op.variant, now);
      if (op.kind === 'sell' && op.quantity > onHand - reserved) return 'StockInsufficient';
      this.#stock[op.variant] = onHand + (op.kind === 'restock' ? op.quantity : -op.quantity);
    }
    return 'recorded';
  }

  /** On hand and reserved. */
  availability(variant: number, now: number): readonly [onHand: number, reserved: number] {
    const live = [...this.#holds.values()].filter(hold => hold.variant === variant && isLive(hold, now));
    return [this.#stock[variant] ?? 0, live.reduce((sum, { quantity }) => sum + quantity, 0)];
  }

  /** The numbers of the open holds, expired ones too. */
  open(): readonly number[] {
    return [...this.#holds].flatMap(([number, { isOpen }]) => (isOpen ? [number] : [])).sort((a, b) => a - b);
  }

  #reserve(lines: (HoldOp & { kind: 'reserve' })['lines'], expiresAt: number | null, now: number): string {
    if (lines.some(({ hold }) => this.#holds.has(hold))) return 'HoldIdTaken';
    for (const variant of [0, 1]) {
      const asked = lines.filter(line => line.variant === variant).reduce((sum, { quantity }) => sum + quantity, 0);
      const [onHand, reserved] = this.availability(variant, now);
      if (asked > 0 && asked > onHand - reserved) return 'StockInsufficient';
    }
    for (const { hold, variant, quantity } of lines)
      this.#holds.set(hold, { variant, quantity, expiresAt, isOpen: true });
    return 'recorded';
  }

  #end({ kind, hold: number, quantity }: Part & Readonly<{ kind: 'post' | 'release' }>, now: number): string {
    const hold = this.#holds.get(number);
    if (hold === undefined) return 'HoldUnknown';
    if (!hold.isOpen) return 'HoldClosed';
    if (kind === 'post' && !isLive(hold, now)) return 'HoldExpired';
    const asked = quantity ?? hold.quantity;
    if (asked > hold.quantity) return 'HoldExceeded';
    const onHand = this.#stock[hold.variant] ?? 0;
    if (kind === 'post' && asked > onHand) return 'StockInsufficient';
    if (kind === 'post') this.#stock[hold.variant] = onHand - asked;
    hold.quantity -= asked;
    hold.isOpen = hold.quantity > 0;
    return 'recorded';
  }
}

function isLive({ isOpen, expiresAt }: ModelHold, now: number): boolean {
  return isOpen && (expiresAt === null || expiresAt > now);
}
