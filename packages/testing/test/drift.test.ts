import { DatabaseSync } from 'node:sqlite';
import { createLedger, type Ledger, rebuild, restock, sale, startTracking } from '@stockfold/core';
import { createSqliteStore } from '@stockfold/store-sql/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaultyStore } from '../src/index.ts';
import { numberedId } from '../src/simulation/world.ts';
import { temporaryFile } from './stores.ts';

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };

let file: ReturnType<typeof temporaryFile>;
beforeEach(() => {
  file = temporaryFile();
});
afterEach(() => file.remove());

const open = (): Ledger => createLedger({ store: createSqliteStore({ path: file.path }) });
const onHand = async (ledger: Ledger) =>
  (await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap().onHand;

async function trade(ledger: Ledger): Promise<void> {
  const record = (command: object) => ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), ...command });
  (await record({ tracking: [startTracking(MUG.productId)], lines: [restock('STORE', MUG, 12)] }))._unsafeUnwrap();
  for (let sold = 0; sold < 5; sold++) (await record({ lines: [sale('STORE', MUG, 1)] }))._unsafeUnwrap();
}

/** Somebody with a database client. */
function edit(statement: string): void {
  const db = new DatabaseSync(file.path);
  db.exec(statement);
  db.close();
}

describe('what others went through with counters that drift has an end here', () => {
  it('medusajs/medusa#12401, “negative and no way to fix”: it is said which number is wrong, by how much, and one call mends it', async () => {
    let ledger = open();
    await trade(ledger);
    await ledger.close();
    edit('update stockfold_balance set on_hand = -3 where location = 1');
    ledger = open();
    const { breaches } = (await ledger.verify())._unsafeUnwrap();
    expect(breaches).toContainEqual({
      invariant: 'matchesJournal',
      variantId: MUG.variantId,
      locationId: ledger.systemLocations.STORE,
      folded: 7,
      stored: -3,
    });
    await ledger.close();
    const store = createSqliteStore({ path: file.path });
    expect((await rebuild({ store }))._unsafeUnwrap().left).toEqual([]);
    expect(await onHand(createLedger({ store }))).toBe(7);
    await store.close();
  });

  it('flash-oss/medici#34, a manual edit that “desyncs the cache for ever”: what is moved afterwards does not bury it', async () => {
    let ledger = open();
    await trade(ledger);
    await ledger.close();
    edit('update stockfold_balance set on_hand = on_hand + 5 where location = 1');
    ledger = open();
    const lines = [sale('STORE', MUG, 1)];
    (await ledger.execute({ kind: 'RecordMovements', id: ledger.newId(), lines }))._unsafeUnwrap();
    expect((await ledger.verify())._unsafeUnwrap().ok).toBe(false);
    await ledger.close();
    const store = createSqliteStore({ path: file.path });
    expect((await rebuild({ store }))._unsafeUnwrap().left).toEqual([]);
    ledger = createLedger({ store });
    expect(await onHand(ledger)).toBe(6);
    // Also of every moment in between.
    const postings = await ledger.postings({ locationId: 'STORE', variantId: MUG.variantId });
    expect(postings._unsafeUnwrap().items.map(posting => posting.onHand)).toEqual([12, 11, 10, 9, 8, 7, 6]);
    await ledger.close();
  });

  it('odoo/odoo#62139, repaired by a cron job every ten minutes: no fault between ledger and store leaves anything to repair', async () => {
    const store = createSqliteStore({ path: file.path });
    await trade(createLedger({ store }));
    const kinds = ['failBefore', 'failAfter', 'late', 'conflict'] as const;
    for (const [at, kind] of kinds.flatMap(kind => [0, 1, 2].map(at => [at, kind] as const))) {
      const faulty = createLedger({ store: createFaultyStore(store, [{ at, kind, n: 1 }]) });
      const command = { kind: 'RecordMovements', id: faulty.newId(), lines: [sale('STORE', MUG, 1)] } as const;
      // Whatever came of it, the same command again is safe.
      for (let tries = 0; tries < 3; tries++) await faulty.execute(command);
    }
    const ledger = createLedger({ store });
    expect((await ledger.verify())._unsafeUnwrap().breaches).toEqual([]);
    expect(await onHand(ledger)).toBe(7 - 12);
    expect((await rebuild({ store }))._unsafeUnwrap()).toEqual({ found: [], fault: null, left: [] });
    await store.close();
  });
});
