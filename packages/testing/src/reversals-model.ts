import type { ReversalOp } from './arbitraries/reversal-day.ts';

/** A balance of the model: `STORE 0` is what the shelf holds of the first variant. */
type Moves = ReadonlyMap<string, number>;

/** One command of the model: what it moved, and which reversal took it back. */
type ModelCommand = Readonly<{ moves: Moves; isPlain: boolean }> & { reversedBy: number | null };

/** The smallest shop with reversals that is obviously right; commands are numbered by their place in the day. */
export class ReversalsModel {
  readonly #commands = new Map<number, ModelCommand>();
  readonly #onHand = new Map<string, number>();

  /** What a ledger answers: `recorded`, or the kind of its error. */
  answer(op: ReversalOp): string {
    const target = op.kind === 'reverse' ? this.#commands.get(op.place) : undefined;
    if (op.kind === 'reverse' && target === undefined) return 'CommandUnknown';
    if (target !== undefined && !target.isPlain) return 'NotReversible';
    if (target !== undefined && target.reversedBy !== null) return 'AlreadyReversed';
    const isForced = op.kind === 'reverse' && op.force;
    return !isForced && this.#isShort(this.#movesOf(op)) ? 'StockInsufficient' : 'recorded';
  }

  /** Takes what was recorded. */
  record(place: number, op: ReversalOp): void {
    const moves = this.#movesOf(op);
    const target = op.kind === 'reverse' ? this.#commands.get(op.place) : undefined;
    if (target !== undefined) target.reversedBy = place;
    this.#commands.set(place, { moves, isPlain: op.kind === 'move', reversedBy: null });
    for (const [key, delta] of moves) this.#onHand.set(key, this.onHand(key) + delta);
  }

  onHand(key: string): number {
    return this.#onHand.get(key) ?? 0;
  }

  /** Which reversal took a command back; null when none did. */
  reversedBy(place: number): number | null {
    return this.#commands.get(place)?.reversedBy ?? null;
  }

  #movesOf(op: ReversalOp): Moves {
    if (op.kind === 'reverse') {
      const { moves = new Map<string, number>() } = this.#commands.get(op.place) ?? {};
      return new Map([...moves].map(([key, delta]) => [key, -delta]));
    }
    const moves = new Map<string, number>();
    const add = (key: string, delta: number) => moves.set(key, (moves.get(key) ?? 0) + delta);
    for (const { move, variant, pieces } of 'lines' in op ? op.lines : []) {
      const [from, to] = ENDS[move];
      add(`${from} ${variant}`, -pieces);
      add(`${to} ${variant}`, pieces);
    }
    return moves;
  }

  #isShort(moves: Moves): boolean {
    return [...moves].some(([key, delta]) => key.startsWith('STORE') && delta < 0 && this.onHand(key) + delta < 0);
  }
}

/** Where goods leave, and where they come. */
const ENDS = {
  sale: ['STORE', 'SOLD'],
  restock: ['SUPPLIER', 'STORE'],
  discard: ['STORE', 'BIN'],
  refund: ['SOLD', 'STORE'],
} as const;
