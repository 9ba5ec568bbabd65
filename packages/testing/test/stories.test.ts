import {
  createCounts,
  createHolds,
  createLedger,
  effectiveAt,
  expecting,
  explain,
  exportJournal,
  formatQuantity,
  importJournal,
  type Ledger,
  type LedgerStore,
  type MovementLineInput,
  type PolicyInput,
  type RecordMovementsInput,
  restock,
  reversalOf,
  reverse,
  sale,
  startTracking,
  tellLowStock,
  toUnits,
} from '@stockfold/core';
import { describe, expect, it } from 'vitest';
import { numberedId } from '../src/simulation/world.ts';
import { stores } from './stores.ts';

// What each capability is for, told once. What else it does, and what it refuses, stands in the tests of its own; that it holds
// for any history, in the laws.

const MUG = { productId: numberedId(0xb, 1), variantId: numberedId(0xc, 1) };
const SHELF = { locationId: 'STORE', variantId: MUG.variantId };
const commandId = (number: number) => numberedId(0xd, number);

/** A shop whose clock stands still until somebody moves it. */
class Shop {
  now = 0;
  readonly ledger: Ledger;

  constructor(store: LedgerStore, policy: PolicyInput = { floors: { STORE: 0 } }) {
    this.ledger = createLedger({ store, policy, clock: () => this.now });
  }

  /** Records some lines: `recorded`, or the kind of the rejection. */
  async move(number: number, lines: readonly MovementLineInput[], more: Partial<RecordMovementsInput> = {}) {
    const tracking = [startTracking(MUG.productId)];
    const command = { kind: 'RecordMovements', id: commandId(number), tracking, lines, ...more } as const;
    return (await this.ledger.execute(command)).match(
      () => 'recorded',
      error => error.kind,
    );
  }

  async onHand(asOf?: number): Promise<number> {
    return (await this.ledger.balanceAt({ ...SHELF, asOf }))._unsafeUnwrap().onHand;
  }
}

describe.each(Object.entries(stores))('on %s', (_, { create }) => {
  it('floors: given a floor of 2, when all but one are sold, then it is refused, and a manager may overrule it', async () => {
    const shop = new Shop(create(), { floors: { STORE: 2 } });
    await shop.move(1, [restock('STORE', MUG, 5)]);
    expect(await shop.move(2, [sale('STORE', MUG, 4)])).toBe('StockInsufficient');
    const override = { floors: true, reason: 'the last ones go out today' } as const;
    expect(await shop.move(3, [sale('STORE', MUG, 4)], { override })).toBe('recorded');
    expect(await shop.onHand()).toBe(1);
  });

  it('compare and set: given two who saw 5, when both correct it to 7, then the second is told of the first', async () => {
    const shop = new Shop(create());
    await shop.move(1, [restock('STORE', MUG, 5)]);
    const expect5 = { expect: [expecting('STORE', MUG, 5)] };
    expect(await shop.move(2, [restock('STORE', MUG, 2)], expect5)).toBe('recorded');
    expect(await shop.move(3, [restock('STORE', MUG, 2)], expect5)).toBe('BalanceStale');
    expect(await shop.onHand()).toBe(7);
  });

  it('counts: given a shelf that was looked at before a sale, when the count is typed in after it, then the sale stays sold', async () => {
    const shop = new Shop(create());
    const counts = createCounts(shop.ledger);
    await shop.move(1, [restock('STORE', MUG, 10)]);
    // Nine are there when somebody looks, at 100.
    shop.now = 200;
    await shop.move(2, [sale('STORE', MUG, 3)]);
    const count = { id: commandId(3), location: 'STORE', variant: MUG, counted: 9, observedAt: 100 } as const;
    expect((await counts.count(count)).isOk()).toBe(true);
    expect(await shop.onHand()).toBe(6);
    const [variance] = (await counts.variances())._unsafeUnwrap().items;
    expect(variance).toMatchObject({ counted: 9, expected: 10, variance: -1 });
  });

  it('holds: given a mug that a cart holds, when another wants it, then it is kept until the cart is paid, or its time is over', async () => {
    const shop = new Shop(create(), { floors: { STORE: 0 }, holds: true });
    const holds = createHolds(shop.ledger);
    await shop.move(1, [restock('STORE', MUG, 2)]);
    const held = (number: number) => ({ holdId: numberedId(0xf, number), ...SHELF, ...MUG, quantity: 1 });
    const until = { owner: 'cart', expiresAt: 1_000 };
    expect((await holds.reserve({ id: commandId(2), ...until, lines: [held(1)] })).isOk()).toBe(true);
    expect((await holds.reserve({ id: commandId(3), ...until, lines: [held(2)] })).isOk()).toBe(true);
    expect(await shop.move(4, [sale('STORE', MUG, 1)])).toBe('StockInsufficient');
    expect((await holds.post({ id: commandId(5), lines: [{ holdId: held(1).holdId }] })).isOk()).toBe(true);
    shop.now = 1_000;
    expect(await shop.move(6, [sale('STORE', MUG, 1)])).toBe('recorded');
    expect(await shop.onHand()).toBe(0);
  });

  it('reversal: given a sale that was rung up twice, when one is taken back, then it is linked both ways, and once', async () => {
    const shop = new Shop(create());
    await shop.move(1, [restock('STORE', MUG, 5)]);
    await shop.move(2, [sale('STORE', MUG, 2)]);
    await shop.move(3, [sale('STORE', MUG, 2)]);
    const back = (id: number) => reverse(shop.ledger, { id: commandId(id), commandId: commandId(3) });
    expect((await back(4)).isOk()).toBe(true);
    expect((await back(5))._unsafeUnwrapErr()).toMatchObject({ kind: 'AlreadyReversed', by: commandId(4) });
    expect((await reversalOf(shop.ledger, commandId(3)))._unsafeUnwrap()).toBe(commandId(4));
    expect(await shop.onHand()).toBe(3);
  });

  it('two axes: given a sale of Monday that is told on Tuesday, when Monday is asked for, then both answers are there', async () => {
    const [monday, tuesday] = [1_000, 2_000];
    const shop = new Shop(create());
    shop.now = monday;
    await shop.move(1, [restock('STORE', MUG, 5)]);
    shop.now = tuesday;
    await shop.move(2, [sale('STORE', MUG, 2)], { provenance: { occurredAt: monday + 1 } });
    expect(await shop.onHand(1)).toBe(5);
    const effective = (await effectiveAt(shop.ledger, { ...SHELF, at: monday + 1 }))._unsafeUnwrap();
    expect(effective).toMatchObject({ effective: 3, onHand: 3 });
    const { entries } = (await explain(shop.ledger, SHELF))._unsafeUnwrap();
    expect(entries.map(({ delta, onHand }) => [delta, onHand])).toEqual([
      [5, 5],
      [-2, 3],
    ]);
  });

  it('provenance: given a webshop that reads the journal, when it leaves out what it wrote, then it hears no echo of itself', async () => {
    const shop = new Shop(create());
    await shop.move(1, [restock('STORE', MUG, 5)], { provenance: { source: 'goods-in', externalId: 'GR-7' } });
    await shop.move(2, [sale('STORE', MUG, 1)], { provenance: { source: 'webshop', externalId: '#1001' } });
    const news = (await shop.ledger.journal({ exceptSource: 'webshop' }))._unsafeUnwrap();
    expect(news.items.map(({ commandId: id }) => id)).toEqual([commandId(1)]);
    expect(news.asOf).toBe(2);
  });

  it('units: given rice by the gram, when 0.1 kg is sold ten times, then a kilogram is gone and nothing else', async () => {
    const shop = new Shop(create(), { floors: { STORE: 0 }, scale: 3 });
    const kilograms = (amount: string) => toUnits(amount, 3)._unsafeUnwrap();
    await shop.move(1, [restock('STORE', MUG, kilograms('1.5'))]);
    for (let number = 2; number < 12; number++) await shop.move(number, [sale('STORE', MUG, kilograms('0.1'))]);
    expect(formatQuantity(await shop.onHand(), 3)).toBe('0.500');
    expect(toUnits('0.0001', 3)._unsafeUnwrapErr()).toMatchObject({ reason: 'too many decimals' });
  });

  it('low stock: given a level of 5, when a sale goes below it and a delivery above, then each is told once', async () => {
    const shop = new Shop(create());
    await shop.move(1, [restock('STORE', MUG, 6)]);
    const rules = [{ ...MUG, locationId: 'STORE', level: 5 }];
    await shop.ledger.execute({ kind: 'SetLowStock', id: commandId(2), rules });
    await shop.move(3, [sale('STORE', MUG, 2)]);
    await shop.move(4, [sale('STORE', MUG, 1)]);
    await shop.move(5, [restock('STORE', MUG, 9)]);
    const tell = tellLowStock(shop.ledger);
    const told: unknown[] = [];
    for (const record of (await shop.ledger.journal())._unsafeUnwrap().items)
      told.push(...(await tell(record))._unsafeUnwrap().map(({ kind, onHand }) => [kind, onHand]));
    expect(told).toEqual([
      ['StockBecameLow', 4],
      ['StockRecovered', 12],
    ]);
  });

  it('keeping it true: given the books of a year, when they move to another store, then they are the same to the byte', async () => {
    const shop = new Shop(create());
    await shop.move(1, [restock('STORE', MUG, 5)]);
    shop.now = 7;
    await shop.move(2, [sale('STORE', MUG, 2)]);
    const lines = await linesOf(shop.ledger);
    const store = create();
    expect((await importJournal({ store, lines }))._unsafeUnwrap()).toMatchObject({ sequence: 2, written: 2 });
    const copy = createLedger({ store });
    expect(await linesOf(copy)).toEqual(lines);
    expect((await copy.verify())._unsafeUnwrap()).toMatchObject({ ok: true, records: 2, breaches: [] });
  });

  it('dry run: given two mugs, when a sale of three is only tried, then all that speaks against it is said, and nothing moves', async () => {
    const shop = new Shop(create());
    await shop.move(1, [restock('STORE', MUG, 2)]);
    const lines = [sale('STORE', MUG, 3)];
    const expected = [expecting('STORE', MUG, 4)];
    const command = { kind: 'RecordMovements', id: commandId(2), lines, expect: expected } as const;
    const preview = (await shop.ledger.preview(command))._unsafeUnwrap();
    expect(preview).toMatchObject({
      kind: 'WouldRefuse',
      reasons: [{ kind: 'BalanceStale' }, { kind: 'StockInsufficient' }],
    });
    expect((await shop.ledger.journal())._unsafeUnwrap().asOf).toBe(1);
  });
});

async function linesOf(ledger: Ledger): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of exportJournal(ledger)) lines.push(line._unsafeUnwrap());
  return lines;
}
