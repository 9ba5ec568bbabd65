import { createCounts, createLedger, restock, sale, startTracking } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { describe, expect, it } from 'vitest';
import { countsHold } from '../../src/simulation/check-counts.ts';
import { numberedId } from '../../src/simulation/world.ts';
import { isRequest } from '../mutants/wrong-requests.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const INPUT = { id: numberedId(0xd, 9), location: 'STORE', variant: MUG, counted: 3, observedAt: 100 } as const;

/** What is found about a count during which a sale of yesterday and a restock cancel out, when it was sent at a head of the journal. */
async function foundAbout(headSent: number) {
  let now = 100;
  const ledger = createLedger({ store: createMemoryStore(), clock: () => now });
  const move = (number: number, content: object) =>
    ledger.execute({ kind: 'RecordMovements', id: numberedId(0xd, number), ...content });
  await move(1, { tracking: [startTracking(MUG.productId)], lines: [restock('STORE', MUG, 3)] });
  const late: typeof ledger.execute = command => {
    now = 200;
    const sold = move(2, { lines: [sale('STORE', MUG, 1)], provenance: { occurredAt: 50 } });
    return sold.andThen(() => move(3, { lines: [restock('STORE', MUG, 1)] })).andThen(() => ledger.execute(command));
  };
  const counts = createCounts({
    ...ledger,
    execute: command => (isRequest(command, 'Count') ? late(command) : ledger.execute(command)),
  });
  (await counts.count(INPUT))._unsafeUnwrap();
  const records = (await ledger.journal())._unsafeUnwrap().items;
  const pages = [
    (await ledger.notes({ kind: 'count' }))._unsafeUnwrap(),
    (await ledger.notes({ kind: 'counted' }))._unsafeUnwrap(),
  ];
  const command = { kind: 'RecordMovements', id: INPUT.id } as const;
  const outcome = { command, request: { kind: 'count', input: INPUT }, headSent } as const;
  const shop = { store: ledger.systemLocations.STORE, adjustment: counts.adjustmentId };
  return countsHold({ records, notes: pages.flatMap(({ items }) => items), outcomes: [outcome], shop });
}

describe('movements that cancel out while a count is taken', () => {
  it('are not known to it, and nothing is said of that', async () => {
    expect(await foundAbout(1)).toEqual([]);
  });

  it('should have been known to one that was sent after them', async () => {
    expect(await foundAbout(3)).toMatchObject([{ promise: 'a count settles its difference' }]);
  });
});
