import { createLedger, type Ledger, linesOf, restock, sale } from '@stockfold/core';
import { createMemoryStore } from '@stockfold/store-memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE, type ShopVariant } from '../src/shop/catalogue.ts';
import { openShop, recordSampleWeek } from '../src/shop/open-shop.ts';
import { POLICY } from '../src/shop/open-till.ts';
import { tellRecord } from '../src/shop/tell-record.ts';
import { isUndone, undoing } from '../src/shop/undo.ts';
import { stepsOf } from '../src/stock/steps.ts';

const NOON = new Date('2026-05-11T12:00:00').getTime();
const [MUG] = CATALOGUE as readonly [ShopVariant];

let store: ReturnType<typeof createMemoryStore>;
let ledger: Ledger;

beforeEach(async () => {
  store = createMemoryStore();
  ledger = createLedger({ store, policy: POLICY });
  expect(await openShop(ledger)).toBeNull();
});

const onHand = async () =>
  (await ledger.balanceAt({ locationId: 'STORE', variantId: MUG.variantId }))._unsafeUnwrap().onHand;
const journal = async () => (await ledger.journal({ limit: 1_000 }))._unsafeUnwrap().items;

async function record(line: ReturnType<typeof sale>) {
  const command = { kind: 'RecordMovements', id: ledger.newId(), lines: [line] } as const;
  (await ledger.execute(command))._unsafeUnwrap();
  return { commandId: command.id, lines: command.lines };
}

describe('the sample week', () => {
  it('is recorded once, however many tabs begin it, and adds up', async () => {
    const results = await Promise.all([recordSampleWeek(store, NOON), recordSampleWeek(store, NOON)]);
    expect(results).toEqual([null, null]);
    const { ok, records } = (await ledger.verify())._unsafeUnwrap();
    expect(ok).toBe(true);
    expect(await recordSampleWeek(store, NOON)).toBeNull();
    expect(await journal()).toHaveLength(records);
  });

  it('lies in the seven days before, within opening hours, and leaves something of almost everything', async () => {
    const fresh = createMemoryStore();
    expect(await recordSampleWeek(fresh, NOON)).toBeNull();
    const week = createLedger({ store: fresh });
    const { items } = (await week.journal({ limit: 1_000 }))._unsafeUnwrap();
    const hours = items.map(({ recordedAt }) => new Date(recordedAt).getHours());
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(9);
    expect(Math.max(...hours)).toBeLessThanOrEqual(19);
    expect(items.at(-1)?.recordedAt).toBeLessThan(NOON);
    const { items: left } = (await week.balances({ locationId: 'STORE' }))._unsafeUnwrap();
    expect(left.filter(balance => balance.onHand > 0).length).toBeGreaterThanOrEqual(CATALOGUE.length - 2);
  });
});

describe('an undone command', () => {
  it('brings back what was sold, and only once when two tabs undo it', async () => {
    await record(restock('STORE', MUG, 5));
    const sold = await record(sale('STORE', MUG, 2));
    const receipts = await ledger.executeAll([undoing(sold), undoing(sold)]);
    expect(receipts.map(receipt => receipt._unsafeUnwrap().replayed)).toEqual([false, true]);
    expect(await onHand()).toBe(5);
  });

  it('is known by its undo, which itself was not undone', async () => {
    await record(restock('STORE', MUG, 5));
    const sold = await record(sale('STORE', MUG, 2));
    await ledger.execute(undoing(sold));
    const ids = (await journal()).map(({ commandId }) => commandId as string);
    const undone = ids.filter(id => isUndone(id, new Set(ids)));
    expect(undone).toEqual([sold.commandId]);
  });

  it('stays when what it brought has been sold', async () => {
    const brought = await record(restock('STORE', MUG, 5));
    await record(sale('STORE', MUG, 1));
    expect((await ledger.execute(undoing(brought)))._unsafeUnwrapErr().kind).toBe('StockInsufficient');
    expect(await onHand()).toBe(4);
  });

  it('is told as what it undoes', async () => {
    await record(restock('STORE', MUG, 5));
    await ledger.execute(undoing(await record(sale('STORE', MUG, 2))));
    const stories = (await journal()).map(entry => tellRecord(entry, ledger.systemLocations));
    expect(stories.map(story => story.title)).toEqual([
      'Opened the shop',
      'Opened the shop',
      'Restock',
      'Sale',
      'Sale undone',
    ]);
    expect(stories.at(-1)?.lines).toEqual([{ text: 'Mug, ink', change: 2 }]);
  });
});

describe('stock over time', () => {
  it('ends at what is on the shelf, for every variant, from wherever it is begun', async () => {
    const fresh = createMemoryStore();
    await recordSampleWeek(fresh, NOON);
    const week = createLedger({ store: fresh });
    const { items } = (await week.journal({ limit: 1_000 }))._unsafeUnwrap();
    for (const { variantId } of CATALOGUE) {
      const at = async (asOf: number) =>
        (await week.balanceAt({ locationId: 'STORE', variantId, asOf }))._unsafeUnwrap().onHand;
      for (const skipped of [0, 20]) {
        const steps = stepsOf(items.slice(skipped), variantId, week.systemLocations, await at(skipped));
        expect(steps.at(-1)?.onHand).toBe(await at(items.length));
      }
    }
  });

  it('has one step for each record that moved it', async () => {
    await record(restock('STORE', MUG, 5));
    await record(restock('STORE', CATALOGUE[2] as ShopVariant, 1));
    await record(sale('STORE', MUG, 1));
    const records = await journal();
    const moving = records.filter(entry => linesOf(entry).some(line => line.variantId === MUG.variantId));
    expect(stepsOf(records, MUG.variantId, ledger.systemLocations, 0)).toHaveLength(1 + moving.length);
  });
});
