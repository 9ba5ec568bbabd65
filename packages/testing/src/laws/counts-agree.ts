import { createCounts, effectiveAt, startTracking } from '@stockfold/core';
import fc from 'fast-check';
import { numberedId } from '../simulation/world.ts';
import { again } from './again.ts';
import type { Law, OpenLedger } from './law.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };

/** What is told to a shop, in the order in which it arrives: how long ago it happened, and by how much. */
type Arrival = Readonly<{ kind: 'sold' | 'brought' | 'counted'; ago: number; pieces: number }>;

const arrivals: fc.Arbitrary<readonly Arrival[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('sold', 'brought', 'counted'),
    // Mostly just now, so that counts lie between the times at which things happen and at which they are told.
    ago: fc.oneof(fc.constant(0), fc.nat({ max: 12 })),
    pieces: fc.nat({ max: 9 }),
  }),
  { minLength: 1, maxLength: 14 },
);

type Known = Readonly<{ at: number; delta: number }>;

/**
 * What somebody says who has everything before them, in the order in which it happened: what was counted last, and what has
 * come and gone since. A count that is older than another one says nothing.
 */
class Onlooker {
  readonly #moves: Known[] = [];
  #count: Readonly<{ at: number; pieces: number }> | null = null;

  /** False for a count that comes too late. */
  hear({ kind, pieces }: Arrival, at: number): boolean {
    if (kind === 'counted') {
      if (at < (this.#count?.at ?? 0)) return false;
      this.#count = { at, pieces };
    } else this.#moves.push({ at, delta: kind === 'sold' ? -pieces : pieces });
    return true;
  }

  /** On the shelf at a time, of which the last count is no later. */
  onShelf(time: number): number {
    const { at, pieces } = this.#count ?? { at: Number.NEGATIVE_INFINITY, pieces: 0 };
    const since = this.#moves.filter(move => move.at > at && move.at <= time);
    return since.reduce((sum, { delta }) => sum + delta, pieces);
  }

  get countedAt(): number {
    return this.#count?.at ?? 0;
  }
}

/**
 * For any order in which sales, deliveries and counts are told, the shelf holds what an onlooker says, and no piece is lost.
 *
 * @param create - What makes the counts: `createCounts`, or a service around it with the same calls.
 */
export function countsAgree(open: OpenLedger, create: typeof createCounts = createCounts): Law {
  return fc.asyncProperty(arrivals, async told => {
    let now = 1_000;
    const ledger = await open({ clock: () => now });
    const counts = create(ledger);
    const onlooker = new Onlooker();
    const kind = 'RecordMovements' as const;
    const first = { kind, id: ledger.newId(), tracking: [startTracking(MUG.productId)] };
    (await again(() => ledger.execute(first)))._unsafeUnwrap();
    try {
      for (const arrival of told) {
        now += 1;
        const at = now - arrival.ago;
        const isHeard = onlooker.hear(arrival, at);
        const id = ledger.newId();
        const answer = await again(() => tell(arrival, at, id));
        if (isHeard !== answer.isOk()) throw new Error(`told ${JSON.stringify(arrival)}: ${JSON.stringify(answer)}`);
        await compare();
      }
      const { breaches } = (await again(() => ledger.verify()))._unsafeUnwrap();
      if (breaches.length > 0) throw new Error(JSON.stringify(breaches));
    } finally {
      await ledger.close();
    }

    function tell({ kind, pieces }: Arrival, at: number, id: string) {
      if (kind === 'counted')
        return counts.count({ id, location: 'STORE', variant: MUG, counted: pieces, observedAt: at });
      // Nothing moves for a movement of nothing, but the note that it was told.
      const [from, to] = kind === 'sold' ? (['STORE', 'SOLD'] as const) : (['SUPPLIER', 'STORE'] as const);
      const lines = pieces === 0 ? [] : [{ ...MUG, from, to, quantity: pieces }];
      return counts.record({ id, lines, provenance: { occurredAt: at } });
    }

    async function compare(): Promise<void> {
      const shelf = { locationId: 'STORE', variantId: MUG.variantId };
      for (const time of [now, onlooker.countedAt]) {
        const { effective, onHand } = (await again(() => effectiveAt(ledger, { ...shelf, at: time })))._unsafeUnwrap();
        if (effective !== onlooker.onShelf(time))
          throw new Error(`${effective} is not ${onlooker.onShelf(time)}, at ${time}`);
        if (onHand !== onlooker.onShelf(now)) throw new Error(`${onHand} is not ${onlooker.onShelf(now)} now`);
      }
      const { items } = (await again(() => counts.variances({ limit: 1_000 })))._unsafeUnwrap();
      const left = items.reduce((sum, { variance, explained }) => sum + explained - variance, 0);
      const adjusted = await again(() => ledger.balanceAt({ ...shelf, locationId: counts.adjustmentId }));
      if (adjusted._unsafeUnwrap().onHand !== left) throw new Error(`adjusted ${JSON.stringify(items)}`);
    }
  });
}
