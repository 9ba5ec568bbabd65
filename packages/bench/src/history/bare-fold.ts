/** Rows of the journal, the postings and the balances of one organization, as far as a fold looks at them. */
export type RecordRow = Readonly<{ events: string }>;
export type BalanceRow = Readonly<{ variant: string; location: string; on_hand: number }>;
export type PostingRow = Readonly<{ variant: number; location: number; delta: number; after: number }>;

type Event = Readonly<{ kind: string; lines?: readonly Line[] }>;
type Line = Readonly<{ variantId: string; from: string; to: string; quantity: number }>;
type OnHand = Map<string, Map<string, number>>;

/**
 * The reference: folds the rows of the journal into balances, and nothing else. It trusts each row to be what was
 * written.
 */
export class BareFold {
  readonly onHand: OnHand = new Map();
  records = 0;
  postings = 0;
  #variant = 0;
  #location = 0;
  #sum = 0;

  addRecord({ events }: RecordRow): void {
    this.records += 1;
    for (const { kind, lines = [] } of JSON.parse(events) as readonly Event[]) {
      if (kind !== 'MovementsRecorded') continue;
      for (const { variantId, from, to, quantity } of lines) {
        const balances = this.onHand.get(variantId) ?? new Map<string, number>();
        if (balances.size === 0) this.onHand.set(variantId, balances);
        balances.set(from, (balances.get(from) ?? 0) - quantity);
        balances.set(to, (balances.get(to) ?? 0) + quantity);
      }
    }
  }

  /** Of one balance after the other, each in order. */
  addPosting({ variant, location, delta, after }: PostingRow): void {
    this.postings += 1;
    if (variant !== this.#variant || location !== this.#location) {
      this.#variant = variant;
      this.#location = location;
      this.#sum = 0;
    }
    this.#sum += delta;
    if (this.#sum !== after) throw new Error('a posting does not follow the one before');
  }

  /** Compares a stored balance with the fold. */
  compare({ variant, location, on_hand }: BalanceRow): void {
    if (this.onHand.get(variant)?.get(location) !== on_hand) throw new Error('a balance differs');
  }
}
