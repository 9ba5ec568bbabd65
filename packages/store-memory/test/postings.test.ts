import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Postings } from '../src/postings.ts';

type Posting = Readonly<{ sequence: number; onHand: number }>;

/** Several balances that move in turn, each with its past as a plain list. */
function pasts(
  moves: readonly number[],
): Readonly<{ postings: Postings; pasts: Map<number, Posting[]>; newest: Map<number, number> }> {
  const postings = new Postings();
  const lists = new Map<number, Posting[]>();
  const newest = new Map<number, number>();
  for (const [index, balance] of moves.entries()) {
    // Not every record moves one of these balances.
    const posting = { sequence: 2 * index + 1, onHand: 1_000 - index };
    newest.set(balance, postings.push(newest.get(balance) ?? null, posting.sequence, posting.onHand));
    lists.set(balance, [...(lists.get(balance) ?? []), posting]);
  }
  return { postings, pasts: lists, newest };
}

const moves = fc.array(fc.nat(2), { minLength: 1, maxLength: 300, size: 'max' });

describe('the past of a balance', () => {
  it('for any history, is what the last record up to a sequence made of it', () => {
    const property = fc.property(moves, fc.nat(620), (history, sequence) => {
      const { postings, pasts: lists, newest } = pasts(history);
      for (const [balance, list] of lists) {
        const found = postings.asOf(newest.get(balance) as number, sequence);
        const expected = list.findLast(posting => posting.sequence <= sequence);
        expect(found === null ? undefined : postings.after(found)).toBe(expected?.onHand);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('for any history, comes in pages from any sequence on', () => {
    const property = fc.property(moves, fc.nat(620), fc.integer({ min: 1, max: 50 }), (history, after, limit) => {
      const { postings, pasts: lists, newest } = pasts(history);
      for (const [balance, list] of lists) {
        const rest = list.filter(posting => posting.sequence > after);
        const page = postings.page(newest.get(balance) as number, after, limit);
        expect(page).toEqual({ items: rest.slice(0, limit), isLast: rest.length <= limit });
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('is found at any sequence of 1,000,000 movements in as many steps as their number has digits', () => {
    const postings = new Postings();
    let newest = postings.push(null, 1, 1);
    for (let sequence = 2; sequence <= 1_000_000; sequence++) newest = postings.push(newest, sequence, sequence);
    const started = performance.now();
    for (let sequence = 1; sequence <= 1_000_000; sequence += 97) {
      const found = postings.asOf(newest, sequence) as number;
      if (postings.after(found) !== sequence) throw new Error(`as of ${sequence} it was ${postings.after(found)}`);
    }
    // 10,000 times: one after the other they would be 5,000,000,000 steps, half a minute on any machine.
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
