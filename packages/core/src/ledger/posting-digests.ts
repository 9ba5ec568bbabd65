import type { BalanceKey } from '../model/balance.ts';
import type { LocationId, VariantId } from '../model/id.ts';
import type { History } from './store.ts';

/** What a row of postings comes to: how many there are, and 64 bits of them in their order. */
export type Digest = { count: number; low: number; high: number };

/** A digest of no posting. */
export function emptyDigest(): Digest {
  return { count: 0, low: 0, high: 0 };
}

/**
 * Adds one posting. Each step loses nothing of the state before it, so two rows of the same length that differ in one number
 * always differ in their digest.
 */
export function digest(state: Digest, sequence: number, onHand: number): void {
  state.count += 1;
  mix(state, sequence);
  mix(state, onHand);
}

/** A posting whose delta is not what lies between the balance before and the one after it. */
export type WrongDelta = Readonly<{ sequence: number; folded: number; stored: number }>;

/** The postings of every balance as digests: what they are can be compared without being held. */
export class PostingDigests {
  readonly #digests = new Map<VariantId, Map<LocationId, Digest>>();
  readonly #wrongDeltas = new Map<Digest, WrongDelta>();
  /** Where the last stretch of a history has ended. */
  #end: Readonly<{ state: Digest; onHand: number }> | undefined;

  add(key: BalanceKey, sequence: number, onHand: number): void {
    digest(this.#open(key), sequence, onHand);
  }

  /** Adds a stretch of a history, behind the one before if that is of the same balance. */
  addHistory(history: History): void {
    const { sequences, onHand } = history;
    const state = this.#open(history);
    for (let index = 0; index < sequences.length; index++)
      digest(state, sequences[index] as number, onHand[index] as number);
    const before = this.#end?.state === state ? this.#end.onHand : 0;
    const wrong = findWrongDelta(history, before);
    if (wrong !== undefined && !this.#wrongDeltas.has(state)) this.#wrongDeltas.set(state, wrong);
    this.#end = { state, onHand: onHand.at(-1) ?? before };
  }

  /** The first posting of a balance with a wrong delta; undefined where all are right, or not kept. */
  wrongDelta(state: Digest): WrongDelta | undefined {
    return this.#wrongDeltas.get(state);
  }

  /** That of a balance; that of no posting when there is none. */
  get({ variantId, locationId }: BalanceKey): Digest {
    return this.#digests.get(variantId)?.get(locationId) ?? emptyDigest();
  }

  /** How many balances there are, and how many postings of all of them. */
  counts(): readonly [balances: number, postings: number] {
    let [balances, postings] = [0, 0];
    for (const [, { count }] of this.entries()) {
      balances += 1;
      postings += count;
    }
    return [balances, postings];
  }

  *entries(): Generator<readonly [BalanceKey, Digest]> {
    for (const [variantId, digests] of this.#digests)
      for (const [locationId, state] of digests) yield [{ variantId, locationId }, state];
  }

  #open({ variantId, locationId }: BalanceKey): Digest {
    const ofVariant = this.#digests.get(variantId) ?? new Map<LocationId, Digest>();
    if (ofVariant.size === 0) this.#digests.set(variantId, ofVariant);
    const state = ofVariant.get(locationId) ?? emptyDigest();
    if (state.count === 0) ofVariant.set(locationId, state);
    return state;
  }
}

function findWrongDelta({ sequences, onHand, deltas }: History, start: number): WrongDelta | undefined {
  if (deltas === undefined) return undefined;
  let before = start;
  for (let index = 0; index < deltas.length; index++) {
    const after = onHand[index] as number;
    const stored = deltas[index] as number;
    if (stored !== after - before) return { sequence: sequences[index] as number, folded: after - before, stored };
    before = after;
  }
  return undefined;
}

const TWO_32 = 0x1_0000_0000;

// The lower half of the number goes into one lane and the upper one into the other; then each lane goes through a
// multiplication by an odd number and into the other one, both of which can be undone.
function mix(state: Digest, value: number): void {
  state.low = Math.imul(state.low ^ value, 0x85eb_ca6b);
  state.high = Math.imul(state.high ^ Math.floor(value / TWO_32) ^ (state.low >>> 15), 0xc2b2_ae35);
  state.low ^= state.high >>> 13;
}
